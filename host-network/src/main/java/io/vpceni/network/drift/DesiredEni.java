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
/// @param routes of its table, in the order in which they can be added
/// @param rules by which packets from its address, and of the primary ENI from its subnet, find these routes
public record DesiredEni(
        MacAddress mac,
        int linkIndex,
        String link,
        int mtu,
        Optional<Address> address,
        List<Route> routes,
        List<Rule> rules) {

    /// Of links: by it rules tell routes over a secondary ENI, which nothing that leaves by the primary one may take.
    /// An arbitrary number that nobody else is known to use.
    public static final int GROUP_OF_SECONDARIES = 0x76706373; // `vpcs` in ASCII

    public DesiredEni {
        routes = List.copyOf(routes);
        rules = List.copyOf(rules);
    }

    public boolean isPrimary() {
        return address.isEmpty();
    }
}
