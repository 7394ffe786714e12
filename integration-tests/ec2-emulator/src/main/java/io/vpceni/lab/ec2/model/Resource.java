package io.vpceni.lab.ec2.model;

import java.util.SortedMap;

/// A thing with an id and tags.
public interface Resource {
    ResourceKind kind();

    String id();

    /// Mutable: CreateTags and DeleteTags change it.
    SortedMap<String, String> tags();
}
