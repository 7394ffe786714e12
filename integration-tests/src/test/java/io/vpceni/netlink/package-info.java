/// Netlink against a real kernel, in namespaces of its own. Needs root.
@NullMarked
package io.vpceni.netlink;

import org.jspecify.annotations.NullMarked;
