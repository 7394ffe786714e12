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
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What the kernel said about pods at one moment: one dump each of links, routes and rules. Immutable.
///
/// At a start, records of earlier ipamd processes are there too: a sandbox of theirs that has lost what told whose
/// it is, the alias of a link of ours or the host route over one of the AWS VPC CNI's, is found by the name of its
/// link ([LinkNames]), and is as any other from then on.
public final class HostSurvey {
    private final List<Link> links;
    private final List<Route> routes;
    private final List<Rule> rules;
    private final List<LinkNames.Named> named;
    private final List<WiredPodFound> pods;

    /// Of pods' ends, by the index of their host end.
    private final Map<Integer, Integer> mtus;

    HostSurvey(
            List<Link> links,
            Map<Integer, Integer> mtus,
            List<Route> routes,
            List<Rule> rules,
            HostNames names,
            List<RecordedPod> records) {
        this.links = links;
        this.mtus = Map.copyOf(mtus);
        this.routes = routes;
        this.rules = rules;
        this.named = new LinkNames(names, links, routes).find(records);
        List<WiredPodFound> found = new ArrayList<>(WiredPodReader.of(links, routes, rules));
        named.stream().filter(LinkNames.Named::ours).map(this::found).forEach(found::add);
        found.sort(Comparator.comparing(WiredPodFound::hostInterface));
        this.pods = List.copyOf(found);
    }

    /// Three dumps.
    static HostSurvey take(NetlinkSocket host, HostNames names) throws NetlinkFailure {
        return new HostSurvey(host.links(), Map.of(), host.routes(), host.rules(), names, List.of());
    }

    /// For a start: also asks each pod's end for its MTU, one request a pod.
    static HostSurvey takeAtStart(NetlinkSocket host, HostNames names, List<RecordedPod> records)
            throws NetlinkFailure {
        List<Link> links = host.links();
        return new HostSurvey(links, mtus(host, links), host.routes(), host.rules(), names, records);
    }

    private static Map<Integer, Integer> mtus(NetlinkSocket host, List<Link> links) throws NetlinkFailure {
        Map<Integer, Integer> mtus = new HashMap<>();
        for (Link link : links) {
            if (isOurs(link) && link.group() != LinkGroups.REAPED) {
                host.peer(link).ifPresent(pod -> mtus.put(link.index(), pod.mtu()));
            }
        }
        return mtus;
    }

    private WiredPodFound found(LinkNames.Named one) {
        return WiredPodReader.pod(one.link(), one.pod().asAlias(), routes, rules);
    }

    /// The sandboxes that only a record and the name of their link tell of. Those of ours are among [#pods],
    /// the others among [#foreign].
    public List<AliasedPod> named() {
        return named.stream()
                .map(one -> new AliasedPod(
                        one.pod(), one.link().name(), one.ours(), found(one).routed(), one.certain()))
                .toList();
    }

    /// What is wired, as the kernel remembers it. Sorted by host interface.
    public List<WiredPodFound> pods() {
        return List.copyOf(pods);
    }

    /// Names of links whose sandbox was unwired and that wait for their deletion; see [HostNetwork#removeLink].
    /// A link of ours without an alias is none of them: it may be a running pod's whose alias somebody else
    /// took away, and one whose wiring was cut short goes with its sandbox.
    public List<String> unwired() {
        return links.stream()
                .filter(HostSurvey::isOurs)
                .filter(link -> link.group() == LinkGroups.REAPED)
                .map(Link::name)
                .sorted()
                .toList();
    }

    /// Those of the addresses that pods of another CNI plugin have: a host route leads to them over a link that
    /// is not ours, or led until it was lost; the link's name is given with them. They must not be given out.
    ///
    /// @param addresses that are this node's, as whoever tells
    public Map<InetAddress, String> foreign(Set<InetAddress> addresses) {
        Map<InetAddress, String> foreign = new HashMap<>(Sweep.foreign(links, routes, addresses));
        for (LinkNames.Named one : named) {
            if (one.ours()) {
                foreign.remove(one.pod().address());
            } else if (addresses.contains(one.pod().address())) {
                foreign.put(one.pod().address(), one.link().name());
            }
        }
        return Map.copyOf(foreign);
    }

    /// Every address that a host route leads to or a rule about one address names, or that a sandbox has.
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
        named.forEach(one -> routed.add(one.pod().address()));
        return Set.copyOf(routed);
    }

    /// By its alias, or, before it has one, by the group that it was made in.
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

    /// The link of the sandbox with that identity, or else the one that a host route leads to its address by:
    /// of a pod that the AWS VPC CNI wired, which is a veth. An ENI's link that somebody has led the route to
    /// is no pod's.
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
            return Optional.of(entry(asBorn, link, false));
        }
        Optional<LinkNames.Named> byName = named.stream()
                .filter(one -> one.pod().identity().equals(wiring.identity())
                        && one.pod().address().equals(wiring.address()))
                .findFirst();
        if (byName.isPresent()) {
            Link link = byName.get().link();
            PodWiring asBorn = wiring.with(LinkGroups.sources(link.group()));
            return byName.filter(LinkNames.Named::certain).map(one -> entry(asBorn, link, !one.ours()));
        }
        return routes.stream()
                .filter(route ->
                        Sweep.leadsTo(route, wiring.address()) && route.via().isEmpty())
                .flatMap(route -> links.stream().filter(link -> link.index() == route.linkIndex()))
                .filter(link -> link.kind().equals("veth")
                        && PodIdentity.parse(link.alias()).isEmpty())
                .findFirst()
                .map(link -> entry(wiring, link, true));
    }

    /// Every sandbox of ours whose link is there, also those that the pool does not know: of their wiring only
    /// what the link tells. A link in none of our groups was put elsewhere by somebody.
    List<WiredPods.Entry> sandboxes() {
        List<WiredPods.Entry> sandboxes = new ArrayList<>();
        for (Link link : links) {
            if (link.group() != LinkGroups.REAPED) {
                PodIdentity.parse(link.alias())
                        .filter(alias -> alias.address() instanceof Inet4Address) // no other was ever wired
                        .map(alias -> entry(alias, link))
                        .ifPresent(sandboxes::add);
            }
        }
        named.stream()
                .filter(one -> one.ours() && one.certain())
                .map(one -> entry(one.pod().asAlias(), one.link()))
                .forEach(sandboxes::add);
        return List.copyOf(sandboxes);
    }

    /// Sandboxes that only a record and the name of their link tell of, also those of which each may be the one
    /// behind a link.
    List<WiredPods.Entry> knownByName() {
        return named.stream().map(one -> entry(one.pod().asAlias(), one.link())).toList();
    }

    private WiredPods.Entry entry(PodWiring wiring, Link link, boolean adopted) {
        return WiredPods.Entry.of(wiring, link, mtus.getOrDefault(link.index(), link.mtu()), adopted);
    }

    private WiredPods.Entry entry(PodIdentity.Alias alias, Link link) {
        return entry(wiring(alias, LinkGroups.sources(link.group())), link, !LinkGroups.ALL.contains(link.group()));
    }

    /// A sandbox that was known before and whose link is there, without our alias; else the link tells more.
    Optional<WiredPodFound> nameless(WiredPods.Entry entry) {
        PodIdentity.Alias alias = new PodIdentity.Alias(
                entry.identity(),
                entry.wiring().address(),
                entry.wiring().podNamespace(),
                entry.wiring().podName());
        return links.stream()
                .filter(link -> link.index() == entry.linkIndex()
                        && link.name().equals(entry.hostInterface())
                        && PodIdentity.parse(link.alias()).isEmpty())
                .findFirst()
                .map(link -> WiredPodReader.pod(link, alias, routes, rules));
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
        named.forEach(one -> withoutSandbox.remove(one.pod().address()));
        return Sweep.leftOver(routes, rules, withoutSandbox);
    }
}
