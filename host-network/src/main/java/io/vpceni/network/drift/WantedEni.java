package io.vpceni.network.drift;

import io.vpceni.config.MacAddress;
import io.vpceni.netlink.Address;
import io.vpceni.netlink.Route;
import io.vpceni.netlink.Rule;
import java.util.List;
import java.util.Optional;

/// What the kernel should hold for one ENI that is set up.
///
/// @param mac the ENI's
/// @param link name of its link
/// @param mtu in bytes
/// @param address empty: the primary ENI, whose address is not ours to give
/// @param routes of its table, in the order in which they can be added; none for the primary ENI
/// @param rule 32765; empty: the primary ENI
public record WantedEni(
        MacAddress mac,
        int linkIndex,
        String link,
        int mtu,
        Optional<Address> address,
        List<Route> routes,
        Optional<Rule> rule) {

    public WantedEni {
        routes = List.copyOf(routes);
    }

    public boolean isPrimary() {
        return address.isEmpty();
    }
}
