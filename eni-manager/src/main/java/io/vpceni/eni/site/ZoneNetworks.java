package io.vpceni.eni.site;

import java.util.Optional;

/// Custom networking, by availability zone. Called for each ENI, so the answer may change; must return at once.
@FunctionalInterface
public interface ZoneNetworks {

    /// Subnet and security groups for new ENIs in that zone; empty when there is no entry: then no ENI is created.
    ///
    /// @param zone as in `eu-west-1a`
    Optional<ZoneNetwork> in(String zone);
}
