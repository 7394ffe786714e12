package io.vpceni.lab.ec2.model;

import java.util.SortedMap;

/// What RunInstances asks for, per instance.
///
/// @param hopLimit of the metadata service's token answers, 1 to 64
/// @param roleName of the role whose credentials the metadata service hands out
public record Launch(
        String imageId,
        InstanceType type,
        InterfaceSpecification primary,
        boolean deletePrimaryOnTermination,
        int hopLimit,
        String roleName,
        SortedMap<String, String> tags) {}
