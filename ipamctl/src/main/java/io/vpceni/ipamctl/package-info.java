/// `ipamctl`: prints what ipamd's introspection says, as a table or as JSON.
///
/// Starting point: [Ipamctl].
@NullMarked
package io.vpceni.ipamctl;

import org.jspecify.annotations.NullMarked;
