/// `ipamctl`: prints ipamd's introspection as a table or as JSON.
///
/// Starting point: [Ipamctl].
@NullMarked
package io.vpceni.ipamctl;

import org.jspecify.annotations.NullMarked;
