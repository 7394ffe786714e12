package io.vpceni.network;

import io.vpceni.config.MacAddress;
import java.net.InetAddress;

/// The result of wiring, as the CNI result shows it.
///
/// @param hostInterface name of the link on the node
/// @param gateway next hop of the pod's default route; no interface has it, the node answers ARP for it
/// @param hostMac MAC address of the pod's gateway
/// @param podMac MAC address of the link inside
/// @param mtu of both, in bytes
/// @param defaultRoute whether the sandbox's default route uses this link; if not, only packets from its address
///     do
public record WiredPod(
        String hostInterface,
        InetAddress gateway,
        MacAddress hostMac,
        MacAddress podMac,
        int mtu,
        boolean defaultRoute) {

    /// The gateway of every pod, as the AWS VPC CNI has it.
    public static final InetAddress GATEWAY = InetAddress.ofLiteral("169.254.1.1");
}
