package io.vpceni.eni.life;

/// How this node looks after ENIs that are not its own.
///
/// @param clusterName as in the ENIs' cluster tag; "" for none
/// @param sweepsCluster whether ENIs of the cluster's other nodes that are attached to nothing are deleted; only with a
///     cluster name, so that no other cluster of the VPC is touched
public record LifeSettings(String clusterName, boolean sweepsCluster) {}
