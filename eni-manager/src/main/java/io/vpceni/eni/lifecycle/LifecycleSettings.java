package io.vpceni.eni.lifecycle;

import io.vpceni.config.ClusterName;
import io.vpceni.config.EniSettings;
import io.vpceni.config.Provisioning;
import java.util.Optional;

/// How this node looks after ENIs.
///
/// @param clusterName as in the ENIs' cluster tag; empty for none
/// @param cleansUpCluster whether ENIs of the cluster's other nodes that are attached to nothing are deleted; only with
///     a cluster name, so that no other cluster of the VPC is touched
/// @param provisions whether anything is changed in EC2 at all; otherwise what others attach and assign is followed
public record LifecycleSettings(Optional<ClusterName> clusterName, boolean cleansUpCluster, boolean provisions) {

    public static LifecycleSettings from(EniSettings settings) {
        return new LifecycleSettings(
                settings.clusterName(), settings.deletesLeftOver(), settings.provisioning() == Provisioning.ON);
    }

    /// Of a node that provisions.
    public LifecycleSettings(Optional<ClusterName> clusterName, boolean cleansUpCluster) {
        this(clusterName, cleansUpCluster, true);
    }
}
