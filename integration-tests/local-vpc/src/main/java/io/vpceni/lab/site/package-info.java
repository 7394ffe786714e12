/// A whole lab that runs: EC2, the VPC, nodes with their metadata services and ipamd, and pods.
///
/// ## Starting points
/// - [Site] puts it all up, in order, and takes it down.
/// - [Ec2Choice] is which EC2 stands behind it.
/// - [EchoServer] is the traffic: a server that says whom it sees, and a client of it, in any namespace.
/// - [HostSnapshot] is a picture of what of ours is on the machine, to be compared before and after.
@NullMarked
package io.vpceni.lab.site;

import org.jspecify.annotations.NullMarked;
