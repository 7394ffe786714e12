package io.vpceni.ipamd;

import io.vpceni.eni.lifecycle.Leadership;
import io.vpceni.ipamd.observe.Notice;
import io.vpceni.kubernetes.PodLister;
import java.util.function.Consumer;

/// The node's connections to its cluster: the API server's pods, leadership, and a receiver of notices.
///
/// @param pods of this node, as the API server lists them
/// @param leadership whether this node deletes leaked ENIs of the cluster's other nodes
/// @param notices takes the notices for operators
record ClusterSources(PodLister pods, Leadership leadership, Consumer<Notice> notices) {
    /// On a node without a connection to the API server.
    static ClusterSources none(Consumer<Notice> notices) {
        return new ClusterSources(PodLister.NONE, Leadership.NONE, notices);
    }
}
