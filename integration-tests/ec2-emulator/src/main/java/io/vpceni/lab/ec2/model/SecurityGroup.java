package io.vpceni.lab.ec2.model;

import java.util.SortedMap;

/// A security group. It has no rules: the fabric does not filter by them.
public record SecurityGroup(String id, Vpc vpc, String name, String description, SortedMap<String, String> tags)
        implements Resource {
    @Override
    public ResourceKind kind() {
        return ResourceKind.SECURITY_GROUP;
    }
}
