/// The instance metadata service of one node, version 2 only, as a program on an EC2 instance meets it.
///
/// ## Starting points
/// - [ImdsServer] answers HTTP; it is bound inside the network of the node that it serves.
/// - [NodeView] is all that it knows of the node. Whoever plays EC2 implements it, with a lag of its own.
///
/// ## Invariants
/// - Nothing is told without a token of this very server: not to version 1, not through a proxy, not once it is
///   over.
/// - The server decides nothing about the node: two requests differ only if the view does.
@NullMarked
package io.vpceni.lab.imds;

import org.jspecify.annotations.NullMarked;
