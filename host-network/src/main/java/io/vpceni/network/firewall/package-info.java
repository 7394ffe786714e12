/// Whether a firewall of the node's drops what pods send or what is sent to them: [ChainEvaluation] sends a
/// made-up packet through the rules as they are read from the kernel. Nothing is changed: the rules are the
/// node's.
@NullMarked
package io.vpceni.network.firewall;

import org.jspecify.annotations.NullMarked;
