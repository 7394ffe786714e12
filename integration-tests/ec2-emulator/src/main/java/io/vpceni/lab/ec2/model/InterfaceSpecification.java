package io.vpceni.lab.ec2.model;

import java.util.List;
import java.util.SortedMap;

/// A new ENI as a request describes it.
///
/// @param type what it is for
/// @param groups empty: the VPC's default group
public record InterfaceWish(
        Subnet subnet,
        InterfaceType type,
        String description,
        List<SecurityGroup> groups,
        AddressWish addresses,
        ConnectionTracking connectionTracking,
        SortedMap<String, String> tags) {
    public InterfaceWish {
        groups = List.copyOf(groups);
    }
}
