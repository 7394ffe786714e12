package io.vpceni.network.drift;

import io.vpceni.config.MacAddress;
import io.vpceni.netlink.Address;
import io.vpceni.netlink.Route;
import io.vpceni.netlink.Rule;
import java.util.List;
import java.util.Optional;

/// The desired state of the kernel for one configured ENI.
///
/// @param mac of the ENI
/// @param link name of its link
/// @param mtu in bytes
/// @param address empty: the primary ENI, whose address belongs to the node
/// @param routes of its table, in the order in which they can be added
/// @param rules by which packets from its address, and for the primary ENI from its subnet, use these routes
public record DesiredEni(
        MacAddress mac,
        int linkIndex,
        String link,
        int mtu,
        Optional<Address> address,
        List<Route> routes,
        List<Rule> rules) {

    /// Group of secondary ENIs' links. Rules use it to skip routes over a secondary ENI for packets that leave
    /// by the primary one. An arbitrary number that no other program is known to use.
    public static final int GROUP_OF_SECONDARIES = 0x76706373; // `vpcs` in ASCII

    public DesiredEni {
        routes = List.copyOf(routes);
        rules = List.copyOf(rules);
    }

    public boolean isPrimary() {
        return address.isEmpty();
    }
}
