package io.vpceni.lab.ec2.model;

import java.util.Optional;
import java.util.SortedMap;

/// A VPC with its one IPv4 block, and an IPv6 one of 56 bits if it was asked for.
public record Vpc(String id, Ipv4Block block, Optional<Ipv6Block> ipv6Block, SortedMap<String, String> tags)
        implements Resource {
    @Override
    public ResourceKind kind() {
        return ResourceKind.VPC;
    }
}
