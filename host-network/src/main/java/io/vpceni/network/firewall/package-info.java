/// Finds out whether a firewall of the node drops packets to or from pods: [ChainEvaluation] evaluates a sample
/// packet with the rules that are read from the kernel. Nothing is changed, because the rules belong to the node.
@NullMarked
package io.vpceni.network.firewall;

import org.jspecify.annotations.NullMarked;
