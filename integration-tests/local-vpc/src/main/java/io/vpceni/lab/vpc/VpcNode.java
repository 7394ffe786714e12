package io.vpceni.lab.vpc;

import io.vpceni.lab.machine.Namespace;

/// An instance as a network namespace.
///
/// @param number from 1, unique in its VPC
/// @param imdsHopLimit 1 to 64: the TTL that packets of its metadata service start with, one hop beyond the node
public record VpcNode(String name, int number, String instanceId, Namespace namespace, int imdsHopLimit) {
    private static final int IMDS_PORT_FIRST = 8000;

    /// The port of the node's metadata service in the router's namespace, to which port 80 is redirected.
    int imdsPort() {
        return IMDS_PORT_FIRST + number;
    }
}
