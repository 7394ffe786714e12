package io.vpceni.network;

import io.vpceni.config.Cidr;
import io.vpceni.config.MacAddress;
import io.vpceni.config.NetworkSettings;
import io.vpceni.netlink.Address;
import io.vpceni.netlink.Addresses;
import io.vpceni.netlink.Link;
import io.vpceni.netlink.Links;
import io.vpceni.netlink.Links.Ipv4Setting;
import io.vpceni.netlink.Links.VethEnd;
import io.vpceni.netlink.Neighbours;
import io.vpceni.netlink.NetlinkFailure;
import io.vpceni.netlink.NetlinkSocket;
import io.vpceni.netlink.NetnsFd;
import io.vpceni.netlink.Request;
import io.vpceni.netlink.Route;
import io.vpceni.netlink.Routes;
import io.vpceni.netlink.Rule;
import io.vpceni.netlink.Rules;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import jnr.constants.platform.linux.Errno;

/// Wires one sandbox, step by step, on a thread that owns a socket in the node's namespace.
///
/// The pod has a /32 and one neighbour, the gateway, which is the host end's MAC for ever: nobody asks for it, so no
/// one
/// has to answer, and the host end needs no address. On the node, packets to the pod find the host route by rule 512
/// before anything else; packets from a pod of a secondary ENI leave by that ENI's table, by rule 1536.
final class PodWirer {

    private static final InetAddress GATEWAY = InetAddress.ofLiteral("169.254.1.1");

    private static final Map<Ipv4Setting, Integer> POD_LINK_SETTINGS = Map.of(Ipv4Setting.FORWARDING, 1);

    /// Rules of one address and one priority that are deleted before it is used: there should be none or one.
    private static final int STALE_RULES_MAX = 8;

    private final NetworkSettings settings;
    private final RandomGenerator random;
    private final LinkReaper reaper;
    private final WiredPods wired;

    PodWirer(NetworkSettings settings, RandomGenerator random, LinkReaper reaper, WiredPods wired) {
        this.settings = settings;
        this.random = random;
        this.reaper = reaper;
        this.wired = wired;
    }

    /// A sandbox that this very wiring was done for already gets the same answer again: the first answer may have been
    /// lost.
    WiredPod wire(Workplace place, PodWiring wiring, NetnsFd netns) throws NetworkFailure {
        NetlinkSocket host = place.host();
        if (at("look at the sandbox", () -> place.visitor().isHome(netns))) {
            throw new NetworkFailure(
                    NetworkFailure.Kind.OWN_NAMESPACE,
                    "look at the sandbox",
                    "the network namespace of container " + wiring.containerId() + " is the node's own");
        }
        try (NetlinkSocket pod = at("enter the sandbox", () -> place.visitor().open(netns))) {
            VethEnd hostEnd =
                    new VethEnd(wiring.identity().hostInterface(settings.vethPrefix()), anyMac(), settings.podMtu());
            VethEnd podEnd = new VethEnd(wiring.interfaceName(), anyMac(), settings.podMtu());
            Request add = Links.addVeth(hostEnd, podEnd, netns, LinkGroups.PODS);
            if (!at("create the link", () -> host.requestUnless(add, Errno.EEXIST))) {
                Optional<WiredPod> earlier = new EarlierWiring(host, pod, wiring, hostEnd.name()).answerOrMakeWay();
                if (earlier.isPresent()) {
                    int index = wireHost(host, wiring, earlier.get().hostInterface(), new Undo());
                    wired.add(new WiredPods.Entry(wiring, index, earlier.get().hostInterface(), false));
                    return earlier.get();
                }
                at("create the link", host, add);
            }
            Undo undo = new Undo();
            undo.push(() -> delete(host, hostEnd.name()));
            try {
                wirePod(pod, wiring, hostEnd.mac());
                int index = wireHost(host, wiring, hostEnd.name(), undo);
                wired.add(new WiredPods.Entry(wiring, index, hostEnd.name(), false));
            } catch (NetworkFailure | RuntimeException | Error e) {
                undo.because(e);
                throw e;
            }
            return new WiredPod(hostEnd.name(), hostEnd.mac(), podEnd.mac(), settings.podMtu());
        }
    }

    private static void delete(NetlinkSocket host, String name) throws NetlinkFailure {
        Optional<Link> link = host.link(name);
        if (link.isPresent()) {
            host.requestUnless(Links.delete(link.get().index()), Errno.ENODEV);
        }
    }

    private static void wirePod(NetlinkSocket pod, PodWiring wiring, MacAddress gatewayMac) throws NetworkFailure {
        int index = indexOf("find the pod's link", pod, wiring.interfaceName());
        Address address =
                new Address(index, wiring.address(), host(wiring.address()).prefixBits(), 0, false);
        Route toGateway = Route.onLink(host(GATEWAY), index, Route.TABLE_MAIN);
        Route byGateway = Route.defaultVia(GATEWAY, index, Route.TABLE_MAIN);
        new Steps()
                .then("bring the pod's link up", Links.setUp(index))
                .then("give the pod its address", Addresses.add(address))
                .then("route the pod to its gateway", Routes.replace(toGateway))
                .then("route the pod by its gateway", Routes.replace(byGateway))
                .then("tell the pod its gateway's MAC", Neighbours.replacePermanent(GATEWAY, gatewayMac, index))
                .run(pod);
    }

    /// May be done again for what is wired already.
    ///
    /// @return the index of the host end
    private static int wireHost(NetlinkSocket host, PodWiring wiring, String name, Undo undo) throws NetworkFailure {
        InetAddress address = wiring.address();
        int index = indexOf("find the new link", host, name);
        String alias = wiring.identity().alias(address, wiring.podNamespace(), wiring.podName());
        Route route = Route.onLink(host(address), index, Route.TABLE_MAIN);
        Rule toPod = Rule.to(address, Route.TABLE_MAIN, RouteTables.PRIORITY_TO_POD);
        undo.push(() -> host.requestUnless(Routes.delete(route), Errno.ESRCH));
        undo.push(() -> host.requestUnless(Rules.delete(toPod), Errno.ENOENT));
        List<Boolean> done = new Steps()
                .then("name the link", Links.setAlias(index, alias, POD_LINK_SETTINGS))
                .then("route to the pod", Routes.replace(route))
                .then("add the rule to the pod", Rules.add(toPod), Errno.EEXIST)
                .then("delete stale rules from the pod", Rules.delete(anyFromPod(address)), Errno.ENOENT)
                .run(host);
        if (done.getLast()) { // there was one; there may be more
            at("delete stale rules from the pod", () -> deleteAll(host, anyFromPod(address), STALE_RULES_MAX - 1));
        }
        int table = RouteTables.of(wiring.networkCard(), wiring.deviceIndex());
        if (table != Route.TABLE_MAIN) {
            Rule fromPod = Rule.from(address, table, RouteTables.PRIORITY_FROM_POD);
            undo.push(() -> host.requestUnless(Rules.delete(fromPod), Errno.ENOENT));
            at("add the rule from the pod", host, Rules.add(fromPod));
        }
        return index;
    }

    private static int indexOf(String step, NetlinkSocket socket, String name) throws NetworkFailure {
        return at(step, () -> socket.link(name))
                .orElseThrow(() -> new NetworkFailure(NetworkFailure.Kind.KERNEL, step, name + " is gone again"))
                .index();
    }

    /// Rules and route at once; the link later. All of it may be gone already. When the address leads to another link,
    /// it is another pod's by now, and so are the rules: this one's are long gone.
    void unwire(NetlinkSocket host, PodUnwiring unwiring) throws NetworkFailure {
        wired.remove(unwiring.identity());
        InetAddress address = unwiring.address();
        String name = unwiring.identity().hostInterface(settings.vethPrefix());
        Optional<Link> found = at("find the pod's host link", () -> host.link(name));
        Optional<Route> way = at("look at the route to the pod", () -> host.hostRoute(address));
        int own = found.map(Link::index).orElse(0);
        if (way.isEmpty() || (own != 0 && way.get().linkIndex() == own)) {
            at(
                    "delete the rules to the pod",
                    () -> deleteAll(host, Rule.to(address, 0, RouteTables.PRIORITY_TO_POD), STALE_RULES_MAX));
            at("delete the rules from the pod", () -> deleteAll(host, anyFromPod(address), STALE_RULES_MAX));
        }
        if (found.isPresent() && isOf(found.get(), unwiring.identity())) {
            Route route = Route.onLink(host(address), own, Route.TABLE_MAIN);
            new Steps()
                    .then("delete the route to the pod", Routes.delete(route), Errno.ESRCH)
                    .then("mark the link as unwired", Links.setGroup(own, LinkGroups.REAPED), Errno.ENODEV)
                    .run(host);
            reaper.add(own);
        }
    }

    private static boolean isOf(Link link, PodIdentity identity) {
        return PodIdentity.parse(link.alias())
                .filter(alias -> alias.identity().equals(identity))
                .isPresent();
    }

    private static Rule anyFromPod(InetAddress address) {
        return Rule.from(address, 0, RouteTables.PRIORITY_FROM_POD);
    }

    private static boolean deleteAll(NetlinkSocket host, Rule rule, int max) throws NetlinkFailure {
        Request delete = Rules.delete(rule);
        for (int i = 0; i < max; i++) {
            if (!host.requestUnless(delete, Errno.ENOENT)) {
                return true;
            }
        }
        return false;
    }

    /// Locally administered, unicast. 46 random bits: no look at the others' is needed.
    private MacAddress anyMac() {
        long bits = random.nextLong() & 0xffff_ffff_ffffL;
        return new MacAddress((bits & ~(1L << 40)) | (1L << 41));
    }

    static Cidr host(InetAddress address) {
        return Cidr.containing(address, address.getAddress().length * Byte.SIZE);
    }

    /// A step that the kernel may refuse.
    @FunctionalInterface
    interface Step<T> {
        T run() throws NetlinkFailure;
    }

    static <T> T at(String step, Step<T> what) throws NetworkFailure {
        try {
            return what.run();
        } catch (NetlinkFailure e) {
            throw new NetworkFailure(NetworkFailure.Kind.KERNEL, step, e);
        }
    }

    static void at(String step, NetlinkSocket socket, Request request) throws NetworkFailure {
        try {
            socket.request(request);
        } catch (NetlinkFailure e) {
            throw new NetworkFailure(NetworkFailure.Kind.KERNEL, step, e);
        }
    }
}
