package io.vpceni.eni.site;

import java.util.Optional;

/// Custom networking, by availability zone. Asked each time anew, so it may change; must answer at once.
@FunctionalInterface
public interface ZoneNetworks {

    /// What new ENIs in that zone get; empty when nothing is said about it: none are made then.
    ///
    /// @param zone as in `eu-west-1a`
    Optional<ZoneNetwork> in(String zone);
}
