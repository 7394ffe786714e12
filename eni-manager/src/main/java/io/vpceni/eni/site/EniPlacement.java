package io.vpceni.eni.site;

import io.vpceni.config.Cidr;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The subnet and security groups of a new ENI.
///
/// @param subnetId as in `subnet-0a1b2c3d4e5f60718`
/// @param groups ids of its security groups; 1 or more
/// @param block the subnet's IPv4 block; null when the call was not sent for subnets: IMDS tells it later
public record EniPlacement(
        String subnetId, List<String> groups, @Nullable Cidr block) {
    public EniPlacement {
        groups = List.copyOf(groups);
    }
}
