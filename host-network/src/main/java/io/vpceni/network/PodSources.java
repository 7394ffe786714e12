package io.vpceni.network;

/// The source addresses that a pod's packets may have.
public enum PodSources {
    /// Only the pod's own: the node drops all other packets.
    OWN,

    /// Any: the pod routes for others, for example a VPN gateway.
    ANY
}
