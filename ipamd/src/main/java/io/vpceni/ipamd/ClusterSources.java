package io.vpceni.ipamd;

import io.vpceni.eni.lifecycle.Leadership;
import io.vpceni.ipamd.observe.Notice;
import io.vpceni.kubernetes.PodLister;
import java.util.function.Consumer;

/// What the node hears from its cluster, and tells it.
///
/// @param pods of this node, as the API server lists them
/// @param leadership whether this node cleans up for the cluster
/// @param notices what operators should hear of
record ClusterSources(PodLister pods, Leadership leadership, Consumer<Notice> notices) {
    /// On a node without a connection to the API server.
    static ClusterSources none(Consumer<Notice> notices) {
        return new ClusterSources(PodLister.NONE, Leadership.NONE, notices);
    }
}
