/// EC2, IMDS and the life of an ENI.
///
/// Start at [NodeEnis]: it says who this node is and what it holds, adds addresses to an ENI and adds ENIs. It knows
/// the world by
/// two ports, [Ec2] and [Imds]; `io.vpceni.eni.aws` and `io.vpceni.eni.imds` implement them, fakes in this module's
/// test-jar stand
/// in for tests and for the simulator.
///
/// Invariants:
/// - EC2 is the truth about ENIs and addresses. IMDS says who the node is, and lends a MAC or a subnet's block where
/// EC2 has none.
/// - What [NodeEnis] returns as new was not on the ENI before, whatever an answer lists.
/// - A call whose answer was lost is followed by a read, or repeated with the same client token; never by a second
/// blind write.
/// - Filling a node costs one mutating call for each ENI that is there, three for each that is added (create with its
/// addresses,
///   attach, delete-on-termination). ENIs that were there are therefore not tagged; ENIs that are added get their
/// tags at creation.
/// - No SDK type leaves `io.vpceni.eni.aws`. Every wait is bounded and goes through [Pause].
@NullMarked
package io.vpceni.eni;

import org.jspecify.annotations.NullMarked;
