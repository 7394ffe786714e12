package io.vpceni.network;

import java.net.InetAddress;

/// A sandbox that somebody wrote down once, and that the kernel may or may not have.
///
/// @param network CNI network name
/// @param containerId CNI_CONTAINERID
/// @param interfaceName CNI_IFNAME
/// @param podNamespace Kubernetes namespace; empty: unknown
/// @param podName Kubernetes pod name; empty: unknown
/// @param address that it was given
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

    /// What the alias of its link says, or would.
    PodIdentity.Alias asAlias() {
        return new PodIdentity.Alias(identity(), address, podNamespace, podName);
    }
}
