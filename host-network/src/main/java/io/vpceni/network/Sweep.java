package io.vpceni.network;

import io.vpceni.netlink.Link;
import io.vpceni.netlink.Route;
import io.vpceni.netlink.Rule;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// What an earlier life left of sandboxes whose link is gone: rules, of the very form that wiring gives them, for an
/// address of the node's ENIs that no host route leads to over a link of ours.
///
/// A host route goes with its link, so none can be left over, except over a link of ours that is there: then it is the
/// pod's. Anything else is someone else's and stays.
final class Sweep {

    private final Set<String> wired;
    private final Set<String> own;

    private Sweep(Set<String> wired, Set<String> own) {
        this.wired = wired;
        this.own = own;
    }

    /// The rules that are to go.
    static List<Rule> leftOver(List<Link> links, List<Route> routes, List<Rule> rules, Set<InetAddress> ownAddresses) {
        Set<Integer> ours = links.stream()
                .filter(link -> PodIdentity.parse(link.alias()).isPresent())
                .map(Link::index)
                .collect(Collectors.toSet());
        Set<String> wired = new TreeSet<>();
        for (Route route : routes) {
            if (ours.contains(route.linkIndex()) && route.table() == Route.TABLE_MAIN) {
                wired.add(route.destination().network().getHostAddress());
            }
        }
        Set<String> own = new TreeSet<>();
        ownAddresses.forEach(address -> own.add(address.getHostAddress()));
        Sweep sweep = new Sweep(wired, own);
        List<Rule> leftOver = new ArrayList<>();
        for (Rule rule : rules) {
            if (sweep.isLeftOver(rule)) {
                leftOver.add(rule);
            }
        }
        return leftOver;
    }

    private boolean isLeftOver(Rule rule) {
        InetAddress address =
                rule.to().or(rule::from).map(block -> block.network()).orElse(null);
        if (address == null || !own.contains(address.getHostAddress()) || wired.contains(address.getHostAddress())) {
            return false;
        }
        return rule.equals(Rule.to(address, Route.TABLE_MAIN, RouteTables.PRIORITY_TO_POD))
                || rule.equals(Rule.from(address, rule.table(), RouteTables.PRIORITY_FROM_POD));
    }
}
