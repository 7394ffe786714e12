package io.vpceni.eni.site;

import io.vpceni.config.Cidr;
import io.vpceni.eni.SubnetId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The subnet and security groups of a new ENI.
///
/// @param groups ids of its security groups; 1 or more
/// @param block the subnet's IPv4 block; null when the call was not sent for subnets: IMDS tells it later
public record EniPlacement(
        SubnetId subnetId, List<String> groups, @Nullable Cidr block) {
    public EniPlacement {
        groups = List.copyOf(groups);
    }
}
