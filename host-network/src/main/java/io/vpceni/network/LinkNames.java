package io.vpceni.network;

import io.vpceni.netlink.Link;
import io.vpceni.netlink.Route;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Finds recorded sandboxes by the names of their links only: while ipamd was not running, a link of ours lost its
/// alias, or a link of the AWS VPC CNI lost its host route.
///
/// A name alone is weak evidence. So the link must be one that nothing else explains: a veth whose other end is in
/// another namespace, without our alias, not waiting for its deletion, with no host route except to the recorded
/// address, and no other pod's link may lead to that address. A name over a CNI key belongs to one sandbox. The
/// AWS VPC CNI's name is shared by all sandboxes of a pod: if records with different addresses fit such a link,
/// and no route decides, the link may belong to any of them.
final class LinkNames {

    /// A sandbox and the link that its record predicts.
    ///
    /// @param ours ipamd made the link
    /// @param certain false: another record, with another address, predicts the link too
    record Named(RecordedPod pod, Link link, boolean ours, boolean certain) {}

    private final HostNames names;
    private final List<Link> links;
    private final List<Route> routes;
    private final Map<String, Link> unexplained;

    LinkNames(HostNames names, List<Link> links, List<Route> routes) {
        this.names = names;
        this.links = links;
        this.routes = routes.stream()
                .filter(route -> Sweep.isHostRoute(route) && route.via().isEmpty())
                .toList();
        this.unexplained = links.stream()
                .filter(link -> isPods(link)
                        && link.peerNetns().isPresent()
                        && link.group() != LinkGroups.REAPED
                        && PodIdentity.parse(link.alias()).isEmpty())
                .collect(Collectors.toMap(Link::name, link -> link, (first, _) -> first));
    }

    /// Leaves out sandboxes that are identified by an alias, or by a host route over a link of the AWS VPC
    /// CNI.
    ///
    /// @param records if several are of one sandbox, the later one counts
    List<Named> find(List<RecordedPod> records) {
        Map<PodIdentity, RecordedPod> wanted = new LinkedHashMap<>();
        records.stream()
                .filter(pod -> pod.address() instanceof Inet4Address)
                .forEach(pod -> wanted.put(pod.identity(), pod));
        wanted.keySet().removeAll(aliased());
        List<Named> named = new ArrayList<>();
        for (RecordedPod pod : List.copyOf(wanted.values())) {
            Link own = unexplained.get(names.ofKey(pod.identity()));
            if (own != null && fits(own, pod)) {
                wanted.remove(pod.identity());
                named.add(new Named(pod, own, true, true));
            }
        }
        byPodsName(wanted).forEach((link, pods) -> {
            boolean ours = LinkGroups.OF_PODS.contains(link.group());
            pods.stream()
                    .filter(pod -> ours || !leads(link, pod)) // else its host route tells of it
                    .forEach(pod -> named.add(new Named(pod, link, ours, pods.size() == 1)));
        });
        return List.copyOf(named);
    }

    /// The records that fit each link, one for each address.
    private Map<Link, List<RecordedPod>> byPodsName(Map<PodIdentity, RecordedPod> wanted) {
        Map<Link, Map<InetAddress, RecordedPod>> byLink = new LinkedHashMap<>();
        for (RecordedPod pod : wanted.values()) {
            names.ofPod(pod.identity(), pod.pod())
                    .map(unexplained::get)
                    .filter(link -> fits(link, pod))
                    .ifPresent(link -> byLink.computeIfAbsent(link, _ -> new LinkedHashMap<>())
                            .put(pod.address(), pod));
        }
        Map<Link, List<RecordedPod>> fitting = new LinkedHashMap<>();
        byLink.forEach((link, pods) -> fitting.put(link, List.copyOf(pods.values())));
        return fitting;
    }

    private Set<PodIdentity> aliased() {
        return links.stream()
                .flatMap(link -> PodIdentity.parse(link.alias()).stream())
                .map(PodIdentity.Alias::identity)
                .collect(Collectors.toSet());
    }

    /// False when a route contradicts: over the link to another address, or to the address over another pod's
    /// link.
    private boolean fits(Link link, RecordedPod pod) {
        return routes.stream().allMatch(route -> {
            boolean over = route.linkIndex() == link.index();
            boolean to = Sweep.leadsTo(route, pod.address());
            return over == to || (to && !isPods(route.linkIndex()));
        });
    }

    private boolean leads(Link link, RecordedPod pod) {
        return routes.stream()
                .anyMatch(route -> route.linkIndex() == link.index() && Sweep.leadsTo(route, pod.address()));
    }

    private boolean isPods(int linkIndex) {
        return links.stream().anyMatch(link -> link.index() == linkIndex && isPods(link));
    }

    private static boolean isPods(Link link) {
        return link.kind().equals("veth");
    }
}
