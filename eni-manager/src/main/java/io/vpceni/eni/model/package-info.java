/// Models of EC2 and of the AWS VPC CNI in memory.
///
/// ## Starting points
/// - [SimulatedEc2] performs an `Ec2Call` as EC2 does, or refuses it.
/// - [SimulatedVpc] has the ENIs as they are, and as they were up to some minutes ago; [SimulatedEni] is one of them,
///   [SimulatedSubnet] one subnet with all its addresses.
/// - [Ec2Conditions] decides what EC2's rules leave open: delays, old views, refusals. [Ec2Observer] hears what is
///   about to be done.
/// - [AwsVpcCni] is the pool of the AWS VPC CNI: [AwsVpcCniStock] is what it counts, [AwsVpcCniTargets] what it makes
///   of it, [AwsVpcCni.Outside] what it asks for.
///
/// The simulation (with faults), the fleet and `ipamctl plan` use it. It is in this module because that is the lowest
/// one that all three can reach and that knows `Ec2Call`. Fleets, `ipamctl replay` and `./lab burst` compare with the
/// AWS VPC CNI.
///
/// ## Invariants
/// - Pure: no I/O, no clock, no thread, no random number. The caller passes the time.
/// - No class of the daemon uses this package.
@NullMarked
package io.vpceni.eni.model;

import org.jspecify.annotations.NullMarked;
