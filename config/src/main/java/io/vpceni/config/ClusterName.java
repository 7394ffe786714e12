package io.vpceni.config;

/// The name of a Kubernetes cluster (`CLUSTER_NAME`), as in the tags of its ENIs and subnets.
public record ClusterName(String value) {

    /// @throws IllegalArgumentException when it is empty
    public ClusterName {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("a cluster's name is not empty");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
