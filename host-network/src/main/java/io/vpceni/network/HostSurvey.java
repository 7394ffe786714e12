package io.vpceni.network;

import io.vpceni.config.Cidr;
import io.vpceni.config.DeviceSlot;
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

/// What the kernel reported about pods at one moment: one dump each of links, routes and rules. Immutable.
///
/// At start, the survey also uses records of earlier ipamd processes. A sandbox of a record may have lost what
/// identifies it: the alias of a link of ours, or the host route over a link of the AWS VPC CNI. It is then found
/// by the name of its link ([LinkNames]), and treated like any other from then on.
public final class HostSurvey {
    private final List<Link> links;
    private final List<Route> routes;
    private final List<Rule> rules;
    private final List<LinkNames.Named> named;
    private final List<WiredPodFound> pods;

    /// MTU of each pod's end, by the index of the host end.
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

    /// Of dumps that somebody else has, as a test.
    ///
    /// @param vethPrefix how names of our links begin
    public static HostSurvey of(List<Link> links, List<Route> routes, List<Rule> rules, String vethPrefix) {
        return new HostSurvey(links, Map.of(), routes, rules, new HostNames(vethPrefix), List.of());
    }

    /// Three dumps.
    static HostSurvey take(NetlinkSocket host, HostNames names) throws NetlinkFailure {
        return new HostSurvey(host.links(), Map.of(), host.routes(), host.rules(), names, List.of());
    }

    /// For a start: also asks each pod's end for its MTU, with one request for each pod.
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

    /// The sandboxes that are identified only by a record and the name of their link. Those of ours are also
    /// in [#pods], the others in [#foreign].
    public List<AliasedPod> named() {
        return named.stream()
                .map(one -> new AliasedPod(
                        one.pod(), one.link().name(), one.ours(), found(one).routed(), one.certain()))
                .toList();
    }

    /// The wired sandboxes, as the kernel has them. Sorted by host interface.
    public List<WiredPodFound> pods() {
        return List.copyOf(pods);
    }

    /// Names of links whose sandbox was unwired and that wait for their deletion; see
    /// [HostNetwork#removeLink]. A link of ours without an alias is not included. It may belong to a running
    /// pod whose alias another program removed. If its wiring was interrupted, it is deleted with its sandbox.
    public List<String> unwired() {
        return links.stream()
                .filter(HostSurvey::isOurs)
                .filter(link -> link.group() == LinkGroups.REAPED)
                .map(Link::name)
                .sorted()
                .toList();
    }

    /// Those of the addresses that pods of another CNI plugin have, each with the name of the link: a host
    /// route leads to them over a link that is not ours, or did until it was lost. They must not be assigned.
    ///
    /// @param addresses of this node, whatever the source
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

    /// Every address that a host route leads to, that a rule for one address names, or that a sandbox has.
    public Set<InetAddress> mentioned() {
        Set<InetAddress> mentioned = new HashSet<>(routed());
        for (Rule rule : rules) {
            rule.to().map(Cidr::network).ifPresent(mentioned::add);
            rule.from().map(Cidr::network).ifPresent(mentioned::add);
        }
        return Set.copyOf(mentioned);
    }

    /// Every address that a sandbox of ours has, or that a host route leads to over any link, also another
    /// plugin's.
    public Set<InetAddress> routed() {
        Set<InetAddress> routed = new HashSet<>(Sweep.routed(routes));
        pods.forEach(pod -> routed.add(pod.address()));
        named.forEach(one -> routed.add(one.pod().address()));
        return Set.copyOf(routed);
    }

    /// By its alias, or, before it has one, by the group that it was created in.
    static boolean isOurs(Link link) {
        return PodIdentity.parse(link.alias()).isPresent()
                || (link.alias().isEmpty() && LinkGroups.OF_PODS.contains(link.group()));
    }

    /// Destinations of host routes over links that can be pods' links, also another plugin's. Routes over ENIs
    /// and routes with a gateway are left out, because they lead elsewhere.
    ///
    /// @param enis MACs of the node's ENIs
    public Set<InetAddress> routedToPods(Set<MacAddress> enis) {
        return Sweep.routedToPods(links, routes, enis);
    }

    /// Every address that a rule of ours or of the AWS VPC CNI names: 512 to it, 1536 from it.
    public Set<InetAddress> ruled() {
        return Sweep.ruled(rules);
    }

    /// The link of the sandbox with that identity. Otherwise the link of the host route to its address, if it
    /// is a veth: the link of a pod that the AWS VPC CNI wired. An ENI's link, to which another program may
    /// have pointed the route, belongs to no pod.
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

    /// Every sandbox of ours whose link exists, also those that the pool does not know. Of their wiring only
    /// what the link shows is known. A link that is in none of our groups was moved by another program.
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

    /// Sandboxes that are identified only by a record and the name of their link, also when a link can belong
    /// to any of several.
    List<WiredPods.Entry> knownByName() {
        return named.stream().map(one -> entry(one.pod().asAlias(), one.link())).toList();
    }

    private WiredPods.Entry entry(PodWiring wiring, Link link, boolean adopted) {
        return WiredPods.Entry.of(wiring, link, mtus.getOrDefault(link.index(), link.mtu()), adopted);
    }

    private WiredPods.Entry entry(PodIdentity.Alias alias, Link link) {
        return entry(wiring(alias, LinkGroups.sources(link.group())), link, !LinkGroups.ALL.contains(link.group()));
    }

    /// A sandbox that was known before and whose link exists without our alias. With an alias the link
    /// identifies itself.
    Optional<WiredPodFound> nameless(WiredPods.Entry entry) {
        PodIdentity.Alias alias = new PodIdentity.Alias(
                entry.identity(), entry.wiring().address(), entry.wiring().pod());
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
                identity.key(), alias.pod(), alias.address(), DeviceSlot.PRIMARY, DefaultRoute.IF_NONE, sources);
    }

    List<Rule> leftOver(Set<InetAddress> ownAddresses) {
        Set<InetAddress> withoutSandbox = new HashSet<>(ownAddresses);
        pods.forEach(pod -> withoutSandbox.remove(pod.address()));
        named.forEach(one -> withoutSandbox.remove(one.pod().address()));
        return Sweep.leftOver(routes, rules, withoutSandbox);
    }
}
