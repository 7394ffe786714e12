package io.vpceni.network;

import static io.vpceni.network.PodWirer.at;
import static io.vpceni.network.PodWirer.host;

import io.vpceni.config.MacAddress;
import io.vpceni.netlink.Address;
import io.vpceni.netlink.Addresses;
import io.vpceni.netlink.Links;
import io.vpceni.netlink.Neighbours;
import io.vpceni.netlink.NetlinkSocket;
import io.vpceni.netlink.Route;
import io.vpceni.netlink.Routes;
import io.vpceni.netlink.Rule;
import io.vpceni.netlink.Rules;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import jnr.constants.platform.linux.Errno;

/// The sandbox's side of a wiring: a /32 address, one neighbour, which is the gateway, and routes over it.
///
/// The first interface of a sandbox has the default route. A further interface does not change that, whichever
/// program made the first: only packets from its own address leave by it, with its own rule and table. So answers
/// leave by the interface that the request arrived by, and deleting one interface does not affect another.
final class PodSide {

    /// The index of the link is added: no two links of a sandbox ever have the same.
    private static final int SOURCE_TABLES = 20_000;

    private final NetlinkSocket pod;
    private final PodWiring wiring;
    private final int index;
    private final MacAddress gatewayMac;

    /// @param index of the link in the sandbox
    /// @param gatewayMac MAC address of the host end
    PodSide(NetlinkSocket pod, PodWiring wiring, int index, MacAddress gatewayMac) {
        this.pod = pod;
        this.wiring = wiring;
        this.index = index;
        this.gatewayMac = gatewayMac;
    }

    /// For a new link without routes.
    ///
    /// @return whether it has the default route now
    boolean wire() throws NetworkFailure {
        Optional<Route> other = at("find the pod's default route", pod::defaultRoute);
        boolean isSource = other.isPresent() || wiring.defaultRoute() == DefaultRoute.NEVER;
        boolean isDefault = wiring.defaultRoute() == DefaultRoute.ALWAYS || !isSource;
        if (isSource) {
            Rule stale = Rule.from(wiring.address(), 0, RouteTables.PRIORITY_FROM_POD); // of an earlier interface here
            at("delete stale rules in the pod", () -> HostSide.deleteAll(pod, stale, HostSide.STALE_RULES_MAX));
        }
        wire(other, isSource, isDefault);
        return isDefault;
    }

    /// For a link that was wired before: restores what the sandbox has lost.
    ///
    /// @return whether it has the default route now
    boolean wireAgain() throws NetworkFailure {
        List<Route> defaults = at("read the pod's routes", pod::routes).stream()
                .filter(route ->
                        route.table() == Route.TABLE_MAIN && route.destination().prefixBits() == 0)
                .toList();
        List<Rule> rules = at("read the pod's rules", pod::rules);
        Optional<Route> other =
                defaults.stream().filter(route -> route.linkIndex() != index).findFirst();
        boolean isSource = other.isPresent()
                || wiring.defaultRoute() == DefaultRoute.NEVER
                || rules.contains(sourceRule(wiring.address(), index));
        boolean isDefault = switch (wiring.defaultRoute()) {
            case ALWAYS -> true;
            case NEVER -> false;
            case IF_NONE -> !isSource || defaults.stream().anyMatch(route -> route.linkIndex() == index);
        };
        wire(other, isSource, isDefault);
        return isDefault;
    }

    private void wire(Optional<Route> other, boolean isSource, boolean isDefault) throws NetworkFailure {
        Address address =
                new Address(index, wiring.address(), host(wiring.address()).prefixBits(), 0, false);
        RequestBatch steps = new RequestBatch()
                .then("bring the pod's link up", Links.setUp(index))
                .then("add the pod's address", Addresses.add(address), Errno.EEXIST);
        if (isDefault && other.isEmpty()) {
            steps.then("add the pod's route to its gateway", Routes.replace(toGateway(index, Route.TABLE_MAIN)))
                    .then("add the pod's default route", Routes.replace(byGateway(index, Route.TABLE_MAIN)));
        }
        steps.then(
                        "add the pod's neighbor entry for its gateway",
                        Neighbours.replacePermanent(WiredPod.GATEWAY, gatewayMac, index))
                .run(pod);
        if (isSource) {
            routeBySource(wiring.address(), index);
        }
        if (isDefault && other.isPresent()) {
            shareDefault(other.get());
        }
    }

    /// The other default route stays. This one is placed before it, if it should have priority. The other
    /// interface may have been wired by the AWS VPC CNI or by ipamd: its answers then need their own route
    /// from now on.
    private void shareDefault(Route other) throws NetworkFailure {
        boolean isTaken = wiring.defaultRoute() == DefaultRoute.ALWAYS;
        if (isTaken && other.via().filter(WiredPod.GATEWAY::equals).isPresent()) {
            for (Address address : at("read the pod's addresses", pod::addresses)) {
                if (address.linkIndex() == other.linkIndex() && address.scope() == Route.SCOPE_GLOBAL) {
                    routeBySource(address.address(), other.linkIndex());
                }
            }
        }
        Route byGateway = byGateway(index, Route.TABLE_MAIN);
        RequestBatch steps = new RequestBatch()
                .then(
                        "add the pod's route to its gateway",
                        Routes.append(toGateway(index, Route.TABLE_MAIN)),
                        Errno.EEXIST);
        if (isTaken) {
            steps.then("delete the pod's default route", Routes.delete(byGateway), Errno.ESRCH)
                    .then("add the pod's default route", Routes.prepend(byGateway));
        } else {
            steps.then("add the pod's default route", Routes.append(byGateway), Errno.EEXIST);
        }
        steps.run(pod);
    }

    private void routeBySource(InetAddress address, int link) throws NetworkFailure {
        int table = SOURCE_TABLES + link;
        new RequestBatch()
                .then("add the address's route to its gateway", Routes.replace(toGateway(link, table)))
                .then("add the address's default route", Routes.replace(byGateway(link, table)))
                .then("add the rule from the address", Rules.add(sourceRule(address, link)), Errno.EEXIST)
                .run(pod);
    }

    private static Rule sourceRule(InetAddress address, int link) {
        return Rule.from(address, SOURCE_TABLES + link, RouteTables.PRIORITY_FROM_POD);
    }

    private static Route toGateway(int link, int table) {
        return Route.onLink(host(WiredPod.GATEWAY), link, table);
    }

    private static Route byGateway(int link, int table) {
        return Route.defaultVia(WiredPod.GATEWAY, link, table);
    }
}
