package io.vpceni.network;

/// Which source addresses a pod's packets may have.
public enum PodSources {
    /// Its own: what else it sends is dropped on the node.
    OWN,

    /// Any: the pod routes for others, as a VPN gateway does.
    ANY
}
