package io.vpceni.network;

import io.vpceni.config.MacAddress;

/// What wiring made, as the CNI result tells it.
///
/// @param hostInterface name of the link on the node
/// @param hostMac the pod's gateway has this address
/// @param podMac address of the link inside
/// @param mtu of both, in bytes
/// @param defaultRoute whether the sandbox's default route leads over this link; if not, packets from its address do
public record WiredPod(String hostInterface, MacAddress hostMac, MacAddress podMac, int mtu, boolean defaultRoute) {}
