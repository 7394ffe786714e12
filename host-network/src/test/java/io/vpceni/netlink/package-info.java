/// Tests that need no root.
@NullMarked
package io.vpceni.netlink;

import org.jspecify.annotations.NullMarked;
