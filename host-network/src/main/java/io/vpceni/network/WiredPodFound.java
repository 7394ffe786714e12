package io.vpceni.network;

import java.net.InetAddress;
import java.util.List;

/// One of our links as the kernel remembers it, from its alias, the routes to it and the rules about its addresses.
///
/// @param network CNI network name
/// @param containerId CNI container id
/// @param interfaceName CNI interface name
/// @param podNamespace empty: unknown
/// @param podName empty: unknown; shortened when the alias had no room for it
/// @param hostInterface name of the link on the node; see [HostNetwork#removeLink]
/// @param addresses host routes to the link, sorted; empty: the wiring is incomplete, or was being undone
/// @param routeTable table that packets from the first address look up; 254 is main
public record WiredPodFound(
        String network,
        String containerId,
        String interfaceName,
        String podNamespace,
        String podName,
        String hostInterface,
        List<InetAddress> addresses,
        int routeTable) {

    public WiredPodFound {
        addresses = List.copyOf(addresses);
    }
}
