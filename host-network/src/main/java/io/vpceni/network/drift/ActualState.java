package io.vpceni.network.drift;

import io.vpceni.netlink.Address;
import io.vpceni.netlink.FoundRule;
import io.vpceni.netlink.LinkState;
import io.vpceni.netlink.NetlinkFailure;
import io.vpceni.netlink.NetlinkSocket;
import io.vpceni.netlink.Route;
import java.util.List;

/// What the kernel holds: one dump of each.
record ActualState(List<LinkState> links, List<Address> addresses, List<Route> routes, List<FoundRule> rules) {

    ActualState {
        links = List.copyOf(links);
        addresses = List.copyOf(addresses);
        routes = List.copyOf(routes);
        rules = List.copyOf(rules);
    }

    /// Links come last: a route that was seen and went with its link is then missed in the next look, and not repaired
    /// over a link that is gone.
    static ActualState look(NetlinkSocket socket) throws NetlinkFailure {
        List<FoundRule> rules = socket.foundRules();
        List<Route> routes = socket.routes();
        List<Address> addresses = socket.addresses();
        return new ActualState(socket.linkStates(), addresses, routes, rules);
    }
}
