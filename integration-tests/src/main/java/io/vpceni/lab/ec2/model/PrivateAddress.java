package io.vpceni.lab.ec2.model;

import java.net.InetAddress;
import java.time.Instant;

/// An address on an ENI, and since when.
public record PrivateAddress(InetAddress address, boolean primary, Instant since) {}
