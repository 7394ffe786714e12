/// The instance metadata service of one node, version 2 only, as a program on an EC2 instance meets it.
///
/// ## Starting points
/// - [ImdsServer] answers HTTP; it is bound inside the network of the node that it serves.
/// - [NodeView] is the node's data. The EC2 implements it, with its own lag.
///
/// ## Invariants
/// - Every read needs a valid token of this server; version 1 and requests through a proxy are refused.
/// - The server has no state of the node: answers differ only if the view does.
@NullMarked
package io.vpceni.lab.imds;

import org.jspecify.annotations.NullMarked;
