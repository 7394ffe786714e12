package io.vpceni.eni.site;

import io.vpceni.eni.SubnetId;
import java.util.List;

/// Custom networking in one availability zone.
///
/// @param subnetId subnet of new ENIs
/// @param groups ids of their security groups; empty: the primary ENI's
public record ZoneNetwork(SubnetId subnetId, List<String> groups) {
    public ZoneNetwork {
        groups = List.copyOf(groups);
    }
}
