package io.vpceni.network;

import io.vpceni.netlink.Link;
import io.vpceni.netlink.Route;
import io.vpceni.netlink.Rule;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Reads the wired sandboxes back from the kernel.
final class WiredPodReader {

    private WiredPodReader() {}

    /// Sorted by the host interface's name.
    static List<WiredPodFound> of(List<Link> links, List<Route> routes, List<Rule> rules) {
        List<WiredPodFound> found = new ArrayList<>();
        for (Link link : links) {
            Optional<PodIdentity.Alias> alias = PodIdentity.parse(link.alias());
            if (alias.isPresent() && link.group() != LinkGroups.REAPED) {
                found.add(pod(link, alias.get(), routes, rules));
            }
        }
        found.sort(Comparator.comparing(WiredPodFound::hostInterface));
        return found;
    }

    /// What routes and rules show about a sandbox behind that link.
    static WiredPodFound pod(Link link, PodIdentity.Alias alias, List<Route> routes, List<Rule> rules) {
        InetAddress address = alias.address();
        boolean routed = routes.stream()
                .filter(route -> route.linkIndex() == link.index() && route.table() == Route.TABLE_MAIN)
                .filter(route -> route.via().isEmpty() && isHost(route))
                .anyMatch(route -> route.destination().network().equals(address));
        int table = rules.stream()
                .filter(rule -> isFrom(rule, address))
                .mapToInt(Rule::table)
                .findFirst()
                .orElse(Route.TABLE_MAIN);
        PodIdentity identity = alias.identity();
        return new WiredPodFound(identity.key(), alias.pod(), link.name(), address, routed, table);
    }

    private static boolean isHost(Route route) {
        return route.destination().prefixBits() == route.destination().network().getAddress().length * Byte.SIZE;
    }

    private static boolean isFrom(Rule rule, InetAddress address) {
        return rule.priority() == RouteTables.PRIORITY_FROM_POD
                && rule.from().map(block -> block.network().equals(address)).orElse(false);
    }
}
