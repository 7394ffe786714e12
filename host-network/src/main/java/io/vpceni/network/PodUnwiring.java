package io.vpceni.network;

import java.net.Inet4Address;
import java.net.InetAddress;

/// One sandbox to unwire.
///
/// @param network CNI network name
/// @param containerId CNI_CONTAINERID
/// @param interfaceName CNI_IFNAME
/// @param podNamespace Kubernetes namespace, as it was wired with; empty: unknown
/// @param podName Kubernetes pod name, as it was wired with; empty: unknown
/// @param address the address that it was wired with
public record PodUnwiring(
        String network,
        String containerId,
        String interfaceName,
        String podNamespace,
        String podName,
        InetAddress address) {

    public PodUnwiring {
        PodIdentity.check(network, containerId, interfaceName);
        if (!(address instanceof Inet4Address)) {
            throw new IllegalArgumentException(
                    address.getHostAddress() + " is not an IPv4 address; pods have IPv4 addresses only");
        }
    }

    /// For a pod whose name is not known.
    public PodUnwiring(String network, String containerId, String interfaceName, InetAddress address) {
        this(network, containerId, interfaceName, "", "", address);
    }

    PodIdentity identity() {
        return new PodIdentity(network, containerId, interfaceName);
    }
}
