/// A whole lab: EC2, the VPC, nodes with their metadata services and ipamd, and pods.
///
/// ## Starting points
/// - [Site] starts everything in order, and ends it.
/// - [Ec2Choice] selects the EC2.
/// - [EchoServer] is the traffic: a server that returns the client's address, and its client, in any namespace.
/// - [HostSnapshot] lists what is on the machine, for a comparison of before and after.
@NullMarked
package io.vpceni.lab.site;

import org.jspecify.annotations.NullMarked;
