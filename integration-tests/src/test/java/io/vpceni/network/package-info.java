/// The node's network against a real kernel, in namespaces of its own. Needs root.
@NullMarked
package io.vpceni.network;

import org.jspecify.annotations.NullMarked;
