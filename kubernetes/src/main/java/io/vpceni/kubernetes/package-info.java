/// What this node reads from the Kubernetes API server: one more source of views beside EC2 and the kernel. No view
/// alone causes a change.
///
/// Nothing here opens a connection yet. What is here are the places at which the product takes what the API server
/// says; each has a present implementation, with which ipamd runs without Kubernetes:
///
/// - ENIConfig objects (subnet and security groups by zone): [EniConfigs], an [io.vpceni.eni.site.ZoneNetworks].
///   Without Kubernetes: the zone file.
/// - The pods of this node: [PodLister], which becomes an [io.vpceni.pool.Message.PodView]. Without: [PodLister#NONE].
/// - Who cleans up for the cluster (the holder of a Lease): [io.vpceni.eni.lifecycle.Leadership]. Without: each node,
///   from time to time.
/// - This node's share of the EC2 request rate: `EniOwner.share` of ipamd. Without: the setting `VPC_ENI_EC2_SHARE`.
/// - Events for operators: a `NoticeTaker` of ipamd's `NoticeSink`. Without: log and metrics.
///
/// ## Rules (HouseTest)
/// - Pool, ENIs and host network know nothing of this package, and it knows nothing of ipamd and the kernel.
/// - No client library: the watch of a node is small enough to write. fabric8 is for the controller of the cluster
///   alone.
///
/// ## Invariants
/// - What the API server does not tell, or tells late, takes nothing from a pod: no single view does.
@NullMarked
package io.vpceni.kubernetes;

import org.jspecify.annotations.NullMarked;
