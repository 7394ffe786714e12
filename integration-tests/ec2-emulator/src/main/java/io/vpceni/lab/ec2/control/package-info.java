/// The control API of the embedded EC2: JSON over HTTP on an address of its own, which no node can reach.
///
/// ## Starting points
/// - [ControlApi] answers: `/faults`, `/calls`, `/buckets`, `/account`.
/// - [ControlApiClient] is the client, for `./lab ec2 fault` and `./lab ec2 calls`.
/// - [RuleJson] is the JSON of rules.
@NullMarked
package io.vpceni.lab.ec2.control;

import org.jspecify.annotations.NullMarked;
