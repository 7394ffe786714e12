package io.vpceni.network;

import io.vpceni.config.Cidr;
import io.vpceni.config.MacAddress;
import io.vpceni.netlink.Link;
import io.vpceni.netlink.Route;
import io.vpceni.netlink.Rule;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Decides which program an address of the node's ENIs belongs to, from the host routes: over a link of ours, over
/// a link of another CNI plugin, or none.
///
/// A host route is deleted with its link. So rules that have exactly the form that wiring gives them, for an
/// address of the node without a host route, were left by an earlier ipamd. All other rules belong to other
/// programs and stay.
final class Sweep {
    private static final int HOST_BITS = 32;

    private final Set<String> routed;
    private final Set<String> own;

    private Sweep(Set<String> routed, Set<String> own) {
        this.routed = routed;
        this.own = own;
    }

    /// The rules to delete.
    static List<Rule> leftOver(List<Route> routes, List<Rule> rules, Set<InetAddress> ownAddresses) {
        Set<String> routed = new TreeSet<>();
        routes.stream().filter(Sweep::isHostRoute).forEach(route -> routed.add(address(route)));
        Set<String> own = new TreeSet<>();
        ownAddresses.forEach(address -> own.add(address.getHostAddress()));
        Sweep sweep = new Sweep(routed, own);
        return rules.stream().filter(sweep::isLeftOver).toList();
    }

    /// Those of the addresses with a host route over a link that is not ours, with the name of that link;
    /// empty for a link that was deleted or created between the dumps.
    static Map<InetAddress, String> foreign(List<Link> links, List<Route> routes, Set<InetAddress> addresses) {
        Map<Integer, Link> byIndex =
                links.stream().collect(Collectors.toMap(Link::index, link -> link, (first, _) -> first));
        Map<InetAddress, String> foreign = new HashMap<>();
        for (Route route : routes) {
            InetAddress address = route.destination().network();
            Link link = byIndex.get(route.linkIndex());
            boolean ours = link != null && PodIdentity.parse(link.alias()).isPresent();
            if (isHostRoute(route) && addresses.contains(address) && !ours) {
                foreign.putIfAbsent(address, link == null ? "" : link.name());
            }
        }
        return Map.copyOf(foreign);
    }

    /// Destinations of host routes.
    static Set<InetAddress> routed(List<Route> routes) {
        return routes.stream()
                .filter(Sweep::isHostRoute)
                .map(route -> route.destination().network())
                .collect(Collectors.toUnmodifiableSet());
    }

    /// Destinations of host routes without a gateway, over links that are not ENIs.
    static Set<InetAddress> routedToPods(List<Link> links, List<Route> routes, Set<MacAddress> enis) {
        Set<Integer> others = links.stream()
                .filter(link -> link.macs().stream().noneMatch(enis::contains))
                .map(Link::index)
                .collect(Collectors.toSet());
        return routes.stream()
                .filter(Sweep::isHostRoute)
                .filter(route -> route.via().isEmpty() && others.contains(route.linkIndex()))
                .map(route -> route.destination().network())
                .collect(Collectors.toUnmodifiableSet());
    }

    /// Addresses in rules with the priorities of pods.
    static Set<InetAddress> ruled(List<Rule> rules) {
        Set<InetAddress> ruled = new HashSet<>();
        for (Rule rule : rules) {
            subject(rule)
                    .filter(block ->
                            block.prefixBits() == Byte.SIZE * block.network().getAddress().length)
                    .map(Cidr::network)
                    .ifPresent(ruled::add);
        }
        return Set.copyOf(ruled);
    }

    static boolean isHostRoute(Route route) {
        return route.table() == Route.TABLE_MAIN && route.destination().prefixBits() == HOST_BITS;
    }

    static boolean leadsTo(Route route, InetAddress address) {
        return isHostRoute(route) && route.destination().network().equals(address);
    }

    private static String address(Route route) {
        return route.destination().network().getHostAddress();
    }

    /// The pod's address, as a block, in a rule with a priority that wiring uses. Empty: it is not such a
    /// rule.
    static Optional<Cidr> subject(Rule rule) {
        return switch (rule.priority()) {
            case RouteTables.PRIORITY_TO_POD -> rule.to();
            case RouteTables.PRIORITY_FROM_POD -> rule.from();
            default -> Optional.empty();
        };
    }

    private boolean isLeftOver(Rule rule) {
        Optional<InetAddress> subject =
                subject(rule).filter(block -> block.prefixBits() == HOST_BITS).map(Cidr::network);
        if (subject.isEmpty()) {
            return false;
        }
        InetAddress address = subject.get();
        return own.contains(address.getHostAddress())
                && !routed.contains(address.getHostAddress())
                && (rule.equals(Rule.to(address, Route.TABLE_MAIN, RouteTables.PRIORITY_TO_POD)) || isFromPod(rule));
    }

    /// With any table; the AWS VPC CNI up to 1.6 had one rule for each block of the VPC.
    private static boolean isFromPod(Rule rule) {
        return rule.priority() == RouteTables.PRIORITY_FROM_POD
                && rule.mark() == 0
                && rule.past().isEmpty()
                && rule.to().map(block -> block.prefixBits() < HOST_BITS).orElse(true);
    }
}
