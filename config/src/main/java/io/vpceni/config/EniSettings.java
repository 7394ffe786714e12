package io.vpceni.config;

/// How the ENIs that this node creates are labelled.
///
/// @param clusterName name that goes into the cluster tags of each ENI; "" means no cluster tags
public record EniSettings(String clusterName) {

    static EniSettings from(Reading reading) {
        return new EniSettings(reading.value(Variables.CLUSTER_NAME));
    }
}
