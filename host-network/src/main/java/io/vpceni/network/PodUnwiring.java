package io.vpceni.network;

import java.net.InetAddress;

/// One sandbox whose wiring is to go.
///
/// @param network CNI network name
/// @param containerId CNI_CONTAINERID
/// @param interfaceName CNI_IFNAME
/// @param address the address that it was wired with
public record PodUnwiring(String network, String containerId, String interfaceName, InetAddress address) {

    public PodUnwiring {
        PodIdentity.check(network, containerId, interfaceName);
    }

    PodIdentity identity() {
        return new PodIdentity(network, containerId, interfaceName);
    }
}
