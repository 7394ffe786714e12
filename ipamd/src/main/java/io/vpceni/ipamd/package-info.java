/// The daemon.
@NullMarked
package io.vpceni.ipamd;

import org.jspecify.annotations.NullMarked;
