package io.vpceni.network;

import io.vpceni.config.MacAddress;

/// What wiring made, as the CNI result tells it.
///
/// @param hostInterface name of the link on the node
/// @param hostMac the pod's gateway has this address
/// @param podMac address of the link inside
/// @param mtu of both, in bytes
public record WiredPod(String hostInterface, MacAddress hostMac, MacAddress podMac, int mtu) {}
