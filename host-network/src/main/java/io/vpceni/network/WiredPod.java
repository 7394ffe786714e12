package io.vpceni.network;

import io.vpceni.config.MacAddress;

/// The result of wiring, as the CNI result shows it.
///
/// @param hostInterface name of the link on the node
/// @param hostMac MAC address of the pod's gateway
/// @param podMac MAC address of the link inside
/// @param mtu of both, in bytes
/// @param defaultRoute whether the sandbox's default route uses this link; if not, only packets from its address
///     do
public record WiredPod(String hostInterface, MacAddress hostMac, MacAddress podMac, int mtu, boolean defaultRoute) {}
