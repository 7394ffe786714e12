/// Tests of what is pure, and, tagged `root`, of netlink against a real kernel in namespaces of its own.
@NullMarked
package io.vpceni.netlink;

import org.jspecify.annotations.NullMarked;
