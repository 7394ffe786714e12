package io.vpceni.network.drift;

import io.vpceni.netlink.Address;
import io.vpceni.netlink.FoundRule;
import io.vpceni.netlink.LinkState;
import io.vpceni.netlink.NetlinkFailure;
import io.vpceni.netlink.NetlinkSocket;
import io.vpceni.netlink.Route;
import java.util.List;

/// The actual state of the kernel: one dump of each.
record ActualState(List<LinkState> links, List<Address> addresses, List<Route> routes, List<FoundRule> rules) {

    ActualState {
        links = List.copyOf(links);
        addresses = List.copyOf(addresses);
        routes = List.copyOf(routes);
        rules = List.copyOf(rules);
    }

    /// Links are read last. If a route was read and then deleted with its link, the next check finds it
    /// missing. It is not repaired over a link that is gone.
    static ActualState look(NetlinkSocket socket) throws NetlinkFailure {
        List<FoundRule> rules = socket.foundRules();
        List<Route> routes = socket.routes();
        List<Address> addresses = socket.addresses();
        return new ActualState(socket.linkStates(), addresses, routes, rules);
    }
}
