/// The node's network: pods' links and routes, policy routing for each ENI, address translation.
///
/// ## Starting points
/// - [HostNetwork] is the entry point. It is opened in the node's namespace and may be called from any thread.
/// - `PodWirer` wires one pod, `EniSetup` one ENI, `NatRuleset` writes the nftables table, `LinkReaper` deletes
///   links.
///
/// ## Invariants
/// - A link is created in its final namespace and never moved. A pod's link is never deleted while a caller waits,
///   except to undo a failed wiring or to free a name for one.
/// - No dump is made while a pod is wired or unwired.
/// - The kernel stores which pod a link belongs to: the link's alias has the CNI key and the pod's name.
/// - Rule priorities, tables and mark are the AWS VPC CNI's: 512, 1024, 1536, 32765; card 0 device d uses table d
///   + 1. Our additional numbers are between them: 1022, 1023, 32000 to 32003, and table 1, the primary ENI's.
@NullMarked
package io.vpceni.network;

import org.jspecify.annotations.NullMarked;
