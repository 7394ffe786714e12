package io.vpceni.lab.ec2.model;

import java.net.InetAddress;

/// An IPv4 address on an ENI.
public record PrivateAddress(InetAddress address, boolean primary) {}
