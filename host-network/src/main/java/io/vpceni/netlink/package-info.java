/// Netlink.
@NullMarked
package io.vpceni.netlink;

import org.jspecify.annotations.NullMarked;
