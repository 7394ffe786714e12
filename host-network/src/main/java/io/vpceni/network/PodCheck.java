package io.vpceni.network;

import static io.vpceni.network.PodWirer.at;
import static io.vpceni.network.PodWirer.host;

import io.vpceni.netlink.Address;
import io.vpceni.netlink.Link;
import io.vpceni.netlink.Neighbour;
import io.vpceni.netlink.NetlinkSocket;
import io.vpceni.netlink.Route;
import java.net.Inet4Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Compares the inside of a sandbox with what its ADD made. Pure.
///
/// Chained plugins may change what belongs to the pod: the tuning plugin the MAC address and the MTU, sbr the table of
/// the routes, Multus the default route when another interface is to have it, bandwidth and meshes add links. So the
/// effect is compared: the pod has its address and reaches its gateway.
final class PodCheck {

    /// What is in the sandbox.
    ///
    /// @param link with the interface's name; empty: there is none
    record Inside(Optional<Link> link, List<Address> addresses, List<Route> routes, List<Neighbour> neighbours) {

        static Inside look(NetlinkSocket pod, String interfaceName) throws NetworkFailure {
            return at(
                    "read the sandbox",
                    () -> new Inside(pod.link(interfaceName), pod.addresses(), pod.routes(), pod.neighbours()));
        }
    }

    private final PodExpectation expected;
    private final WiredPods.Entry wired;
    private final Inside found;
    private final List<String> differences = new ArrayList<>();

    private PodCheck(PodExpectation expected, WiredPods.Entry wired, Inside found) {
        this.expected = expected;
        this.wired = wired;
        this.found = found;
    }

    /// In words; empty: none.
    static List<String> differences(PodExpectation expected, WiredPods.Entry wired, Inside found) {
        PodCheck check = new PodCheck(expected, wired, found);
        String name = expected.key().interfaceName();
        found.link().ifPresentOrElse(check::compare, () -> check.differences.add(name + " is missing in the sandbox"));
        return check.differences;
    }

    private void compare(Link link) {
        String name = link.name();
        if (link.peer() != wired.linkIndex()) {
            differences.add(
                    name + " is another link than that of the ADD: its other end is not " + wired.hostInterface());
            return;
        }
        if (!link.up()) {
            differences.add(name + " is down");
        }
        addresses(link);
        routes(link);
        neighbour(link);
    }

    private void addresses(Link link) {
        List<Address> here = found.addresses().stream()
                .filter(address -> address.linkIndex() == link.index()
                        && address.address() instanceof Inet4Address
                        && address.scope() == Route.SCOPE_GLOBAL)
                .toList();
        String own = expected.address().getHostAddress();
        if (here.stream().noneMatch(address -> address.address().equals(expected.address()))) {
            differences.add(link.name() + " does not have the address " + own);
        }
        here.stream()
                .filter(address -> !address.address().equals(expected.address()))
                .map(address -> address.address().getHostAddress() + "/" + address.prefixBits())
                .forEach(foreign ->
                        differences.add(link.name() + " has the address " + foreign + ", which is not its own"));
    }

    /// In any table.
    private void routes(Link link) {
        String gateway = WiredPod.GATEWAY.getHostAddress();
        boolean hasDefault = found.routes().stream()
                .anyMatch(route -> route.linkIndex() == link.index()
                        && route.destination().prefixBits() == 0
                        && route.via().filter(WiredPod.GATEWAY::equals).isPresent());
        boolean otherDefault = found.routes().stream()
                .anyMatch(route -> route.linkIndex() != link.index()
                        && route.table() == Route.TABLE_MAIN
                        && route.destination().prefixBits() == 0);
        if (!hasDefault) {
            if (!expected.defaultRoute() || !otherDefault) {
                differences.add("the sandbox has no default route via " + gateway + " dev " + link.name());
            }
            return;
        }
        boolean hasGateway = found.routes().stream()
                .anyMatch(route ->
                        route.linkIndex() == link.index() && route.destination().equals(host(WiredPod.GATEWAY)));
        if (!hasGateway) {
            differences.add("the sandbox has no route to " + gateway + " dev " + link.name());
        }
    }

    /// Without an entry the pod asks, and the host end answers.
    private void neighbour(Link link) {
        found.neighbours().stream()
                .filter(entry -> entry.linkIndex() == link.index()
                        && entry.permanent()
                        && entry.address().equals(WiredPod.GATEWAY)
                        && wired.gatewayMac().isPresent()
                        && !entry.mac().equals(wired.gatewayMac()))
                .findFirst()
                .ifPresent(entry -> differences.add("the neighbor entry of " + WiredPod.GATEWAY.getHostAddress()
                        + " has the MAC address "
                        + entry.mac().map(Object::toString).orElse("of nobody")
                        + " instead of " + wired.gatewayMac().get()));
    }
}
