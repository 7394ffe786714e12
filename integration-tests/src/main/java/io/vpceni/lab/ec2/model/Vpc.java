package io.vpceni.lab.ec2.model;

import java.util.SortedMap;

/// A VPC with its one IPv4 block.
public record Vpc(String id, Ipv4Block block, SortedMap<String, String> tags) implements Resource {
    @Override
    public ResourceKind kind() {
        return ResourceKind.VPC;
    }
}
