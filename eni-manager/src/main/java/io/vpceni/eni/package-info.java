/// EC2, IMDS and the life of an ENI.
///
/// ## Starting points
/// - [Ec2] is the port: a call is a value, and so is its answer. `io.vpceni.eni.aws` implements it with the SDK.
/// - [Imds] says who the node is; `io.vpceni.eni.imds` implements it.
/// - [NodeDiscovery] is what a node asks when it starts.
/// - `io.vpceni.eni.lifecycle` decides what is asked of EC2 from then on, `io.vpceni.eni.site` where ENIs go, and
///   `io.vpceni.eni.budget` when a call leaves.
///
/// Fakes in this module's test-jar stand in for EC2 and IMDS.
///
/// ## Invariants
/// - EC2 is the truth about ENIs and addresses. IMDS says who the node is, and lends a MAC or a subnet's block where
///   EC2 has none.
/// - A call that changes something and whose answer was lost is followed by a read, or repeated with the same client
///   token; never by a second blind one.
/// - No SDK type leaves `io.vpceni.eni.aws`. Every wait is bounded and goes through [Sleeper].
@NullMarked
package io.vpceni.eni;

import org.jspecify.annotations.NullMarked;
