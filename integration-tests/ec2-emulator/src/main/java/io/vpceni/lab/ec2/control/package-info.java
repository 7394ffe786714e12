/// The control API of the embedded EC2: a door of its own, plain JSON over HTTP, that no node can reach.
///
/// ## Starting points
/// - [ControlApi] answers: `/faults`, `/calls`, `/account`.
/// - [ControlApiClient] asks, for `./lab ec2 fault` and `./lab ec2 calls`.
/// - [RuleJson] is how rules look.
@NullMarked
package io.vpceni.lab.ec2.control;

import org.jspecify.annotations.NullMarked;
