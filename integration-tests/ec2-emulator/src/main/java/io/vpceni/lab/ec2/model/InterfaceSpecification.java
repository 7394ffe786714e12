package io.vpceni.lab.ec2.model;

import java.util.List;
import java.util.SortedMap;

/// A new ENI as a request describes it.
///
/// @param type what it is for
/// @param groups empty: the VPC's default group
public record InterfaceSpecification(
        Subnet subnet,
        InterfaceType type,
        String description,
        List<SecurityGroup> groups,
        AddressSpecification addresses,
        ConnectionTracking connectionTracking,
        SortedMap<String, String> tags) {
    public InterfaceSpecification {
        groups = List.copyOf(groups);
    }
}
