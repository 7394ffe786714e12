package io.vpceni.network;

import io.vpceni.config.Cidr;
import io.vpceni.config.MacAddress;
import io.vpceni.netlink.Link;
import io.vpceni.netlink.NetlinkFailure;
import io.vpceni.netlink.NetlinkSocket;
import io.vpceni.netlink.Route;
import io.vpceni.netlink.Rule;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What the kernel said about pods at one moment: one dump each of links, routes and rules. Immutable.
public final class HostSurvey {
    private final List<Link> links;
    private final List<Route> routes;
    private final List<Rule> rules;
    private final List<WiredPodFound> pods;

    private HostSurvey(List<Link> links, List<Route> routes, List<Rule> rules) {
        this.links = links;
        this.routes = routes;
        this.rules = rules;
        this.pods = Recovery.of(links, routes, rules);
    }

    static HostSurvey take(NetlinkSocket host) throws NetlinkFailure {
        return new HostSurvey(host.links(), host.routes(), host.rules());
    }

    /// What is wired, as the kernel remembers it. Sorted by host interface.
    public List<WiredPodFound> pods() {
        return List.copyOf(pods);
    }

    /// Names of links whose sandbox was unwired and that wait for their deletion; see [HostNetwork#removeLink]. A link
    /// of ours without an alias is none of them: it may be a running pod's whose alias somebody else took away, and
    /// one whose wiring was cut short goes with its sandbox.
    public List<String> unwired() {
        return links.stream()
                .filter(HostSurvey::isOurs)
                .filter(link -> link.group() == LinkGroups.REAPED)
                .map(Link::name)
                .sorted()
                .toList();
    }

    /// Those of the addresses that pods of another CNI plugin have: a host route leads to them over a link that is not
    /// ours, whose name is given with them. They must not be given out.
    ///
    /// @param addresses that are this node's, as whoever tells
    public Map<InetAddress, String> foreign(Set<InetAddress> addresses) {
        return Sweep.foreign(links, routes, addresses);
    }

    /// Every address that a host route leads to or a rule about one address names.
    public Set<InetAddress> mentioned() {
        Set<InetAddress> mentioned = new HashSet<>(routed());
        for (Rule rule : rules) {
            rule.to().map(Cidr::network).ifPresent(mentioned::add);
            rule.from().map(Cidr::network).ifPresent(mentioned::add);
        }
        return Set.copyOf(mentioned);
    }

    /// Every address that a sandbox of ours has, or that a host route leads to over whatever link, also another
    /// plugin's.
    public Set<InetAddress> routed() {
        Set<InetAddress> routed = new HashSet<>(Sweep.routed(routes));
        pods.forEach(pod -> routed.add(pod.address()));
        return Set.copyOf(routed);
    }

    /// By its alias, or, before it has one, by the group that it was born in.
    static boolean isOurs(Link link) {
        return PodIdentity.parse(link.alias()).isPresent()
                || (link.alias().isEmpty() && LinkGroups.OF_PODS.contains(link.group()));
    }

    /// What host routes lead to over links that can be pods', also another plugin's: those of ENIs and those with a
    /// gateway lead elsewhere.
    ///
    /// @param enis MACs of the node's ENIs
    public Set<InetAddress> routedToPods(Set<MacAddress> enis) {
        return Sweep.routedToPods(links, routes, enis);
    }

    /// Every address that a rule of ours or of the AWS VPC CNI names: 512 to it, 1536 from it.
    public Set<InetAddress> ruled() {
        return Sweep.ruled(rules);
    }

    boolean hasLink(int index, String name) {
        return links.stream()
                .anyMatch(link -> link.index() == index && link.name().equals(name));
    }

    /// The link of the sandbox with that identity, or else the one that a host route leads to its address by: of a pod
    /// that the AWS VPC CNI wired, which is a veth. An ENI's link that somebody has led the route to is no pod's.
    Optional<WiredPods.Entry> entry(PodWiring wiring) {
        Optional<Link> own = links.stream()
                .filter(link -> PodIdentity.parse(link.alias())
                        .filter(alias -> alias.identity().equals(wiring.identity())
                                && alias.address().equals(wiring.address()))
                        .isPresent())
                .findFirst();
        if (own.isPresent()) {
            Link link = own.get();
            PodWiring asBorn = wiring.with(LinkGroups.sources(link.group()));
            return Optional.of(WiredPods.Entry.of(asBorn, link, false));
        }
        return routes.stream()
                .filter(route ->
                        Sweep.leadsTo(route, wiring.address()) && route.via().isEmpty())
                .flatMap(route -> links.stream().filter(link -> link.index() == route.linkIndex()))
                .filter(link -> link.kind().equals("veth")
                        && PodIdentity.parse(link.alias()).isEmpty())
                .findFirst()
                .map(link -> WiredPods.Entry.of(wiring, link, true));
    }

    /// Every sandbox of ours whose link is there, also those that the pool does not know: of their wiring only what the
    /// link tells. A link in none of our groups was put elsewhere by somebody.
    List<WiredPods.Entry> sandboxes() {
        List<WiredPods.Entry> sandboxes = new ArrayList<>();
        for (Link link : links) {
            if (link.group() != LinkGroups.REAPED) {
                PodIdentity.parse(link.alias())
                        .filter(alias -> alias.address() instanceof Inet4Address) // no other was ever wired
                        .map(alias -> wiring(alias, LinkGroups.sources(link.group())))
                        .map(wiring -> WiredPods.Entry.of(wiring, link, !LinkGroups.ALL.contains(link.group())))
                        .ifPresent(sandboxes::add);
            }
        }
        return List.copyOf(sandboxes);
    }

    private static PodWiring wiring(PodIdentity.Alias alias, PodSources sources) {
        PodIdentity identity = alias.identity();
        return new PodWiring(
                identity.network(),
                identity.containerId(),
                identity.interfaceName(),
                alias.podNamespace(),
                alias.podName(),
                alias.address(),
                0,
                0,
                DefaultRoute.IF_NONE,
                sources);
    }

    List<Rule> leftOver(Set<InetAddress> ownAddresses) {
        Set<InetAddress> withoutSandbox = new HashSet<>(ownAddresses);
        pods.forEach(pod -> withoutSandbox.remove(pod.address()));
        return Sweep.leftOver(routes, rules, withoutSandbox);
    }
}
