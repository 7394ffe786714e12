/// The node's network, as the daemon shapes it: pods' links and routes, policy routing for each ENI, address
/// translation.
///
/// ## Starting points
/// - [HostNetwork] is the door. It is opened in the node's namespace and may be called from any thread.
/// - `PodWirer` wires one pod, `EniSetup` one ENI, `NatRuleset` writes the nftables table, `LinkReaper` deletes links.
///
/// ## Invariants
/// - A link is made in its namespace and never moved; a pod's link is never deleted on the caller's time, except
///   to undo a wiring that failed or to make way for one.
/// - Nothing is dumped while a pod is wired or unwired.
/// - What is wired says in the kernel whose it is: the CNI key and the pod's name are the link's alias.
/// - Rule priorities, tables and mark are the AWS VPC CNI's: 512, 1024, 1536, 32765; card 0 device d uses table d + 1.
///   Those that only we have stand between them: 1022, 1023, 32000 to 32003, and table 1, the primary ENI's.
@NullMarked
package io.vpceni.network;

import org.jspecify.annotations.NullMarked;
