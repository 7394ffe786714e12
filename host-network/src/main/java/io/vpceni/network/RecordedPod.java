package io.vpceni.network;

import java.net.InetAddress;

/// A recorded sandbox, which may or may not exist in the kernel.
///
/// @param network CNI network name
/// @param containerId CNI_CONTAINERID
/// @param interfaceName CNI_IFNAME
/// @param podNamespace Kubernetes namespace; empty: unknown
/// @param podName Kubernetes pod name; empty: unknown
/// @param address the address that was assigned to it
public record RecordedPod(
        String network,
        String containerId,
        String interfaceName,
        String podNamespace,
        String podName,
        InetAddress address) {

    public RecordedPod {
        PodIdentity.check(network, containerId, interfaceName);
    }

    PodIdentity identity() {
        return new PodIdentity(network, containerId, interfaceName);
    }

    /// The alias that its link has or would have.
    PodIdentity.Alias asAlias() {
        return new PodIdentity.Alias(identity(), address, podNamespace, podName);
    }
}
