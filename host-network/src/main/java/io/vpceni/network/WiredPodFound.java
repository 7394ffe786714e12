package io.vpceni.network;

import java.net.InetAddress;

/// One of our links as the kernel has it: from its alias, the routes to it and the rules for its address. The link
/// is the sandbox: lost routes and rules are repaired.
///
/// @param network CNI network name
/// @param containerId CNI container id
/// @param interfaceName CNI interface name
/// @param podNamespace empty: unknown
/// @param podName empty: unknown; truncated when the alias had no room for it
/// @param hostInterface name of the link on the node
/// @param address of the pod, from the alias
/// @param routed whether a host route leads to the address over this link
/// @param routeTable table that packets from the address look up; 254 is main
public record WiredPodFound(
        String network,
        String containerId,
        String interfaceName,
        String podNamespace,
        String podName,
        String hostInterface,
        InetAddress address,
        boolean routed,
        int routeTable) {}
