/// Tests of what is pure, and, tagged `root`, of the node's network against a real kernel in namespaces of its own.
@NullMarked
package io.vpceni.network;

import org.jspecify.annotations.NullMarked;
