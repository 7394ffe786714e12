package io.vpceni.network;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.PodName;
import java.net.InetAddress;

/// One of our links as the kernel has it: from its alias, the routes to it and the rules for its address. The link is
/// the sandbox: lost routes and rules are repaired.
///
/// @param key CNI's
/// @param pod may be unknown; its name is truncated when the alias had no room for it
/// @param hostInterface name of the link on the node
/// @param address of the pod, from the alias
/// @param routed whether a host route leads to the address over this link
/// @param routeTable table that packets from the address look up; 254 is main
public record WiredPodFound(
        AttachmentKey key, PodName pod, String hostInterface, InetAddress address, boolean routed, int routeTable) {}
