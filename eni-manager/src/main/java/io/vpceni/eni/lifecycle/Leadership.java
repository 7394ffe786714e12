package io.vpceni.eni.lifecycle;

/// Which node deletes the ENIs that the cluster's vanished nodes left attached to nothing.
@FunctionalInterface
public interface Leadership {
    /// What this node is among the nodes of the cluster.
    enum Role {
        /// Nobody is elected: each node cleans up, now and then.
        NONE_ELECTED,
        /// This node cleans up.
        LEADER,
        /// Another one does.
        FOLLOWER
    }

    /// Without an election.
    Leadership NONE = () -> Role.NONE_ELECTED;

    /// Asked each time anew, so it may change. Must return at once.
    Role role();
}
