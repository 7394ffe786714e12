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

    PodWirer(NetworkSettings settings, RandomGenerator random, LinkReaper reaper) {
        this.settings = settings;
        this.random = random;
        this.reaper = reaper;
    }

    WiredPod wire(NetlinkSocket host, PodWiring wiring, NetnsFd netns) throws NetworkFailure {
        try (NetlinkSocket pod = at("enter the sandbox", () -> NetlinkSocket.openIn(netns))) {
            makeWay(host, pod, wiring);
            VethEnd hostEnd =
                    new VethEnd(wiring.identity().hostInterface(settings.vethPrefix()), anyMac(), settings.podMtu());
            VethEnd podEnd = new VethEnd(wiring.interfaceName(), anyMac(), settings.podMtu());
            Undo undo = new Undo();
            try {
                int hostIndex = addVeth(host, wiring, netns, hostEnd, podEnd, undo);
                wirePod(pod, wiring, hostEnd.mac());
                wireHost(host, wiring, hostIndex, undo);
            } catch (NetworkFailure | RuntimeException | Error e) {
                undo.because(e);
                throw e;
            }
            return new WiredPod(hostEnd.name(), hostEnd.mac(), podEnd.mac(), settings.podMtu());
        }
    }

    /// The sandbox's own link must be new. One that only waits to be deleted (DEL, then ADD in the same sandbox) is
    /// deleted now, and so is one of an earlier try of the same ADD, whose answer was lost.
    private void makeWay(NetlinkSocket host, NetlinkSocket pod, PodWiring wiring) throws NetworkFailure {
        String name = wiring.interfaceName();
        if (at("look into the sandbox", () -> pod.link(name)).isPresent()) {
            reaper.reap();
            removeStale(host, wiring, wiring.identity().hostInterface(settings.vethPrefix()));
            if (at("look into the sandbox", () -> pod.link(name)).isPresent()) {
                throw new NetworkFailure(
                        NetworkFailure.Kind.INTERFACE_EXISTS,
                        "look into the sandbox",
                        "container " + wiring.containerId() + " has an interface " + name + " already");
            }
        }
    }

    private int addVeth(NetlinkSocket host, PodWiring wiring, NetnsFd netns, VethEnd hostEnd, VethEnd podEnd, Undo undo)
            throws NetworkFailure {
        Request add = Links.addVeth(hostEnd, podEnd, netns);
        if (!at("create the link", () -> host.requestUnless(add, Errno.EEXIST))) {
            removeStale(host, wiring, hostEnd.name());
            at("create the link", host, add);
        }
        undo.push(() -> {
            Optional<Link> link = host.link(hostEnd.name());
            if (link.isPresent()) {
                host.requestUnless(Links.delete(link.get().index()), Errno.ENODEV);
            }
        });
        int index = at("find the new link", () -> host.link(hostEnd.name()))
                .orElseThrow(() -> new NetworkFailure(
                        NetworkFailure.Kind.KERNEL, "find the new link", hostEnd.name() + " is gone again"))
                .index();
        String alias = wiring.identity().alias(wiring.podNamespace(), wiring.podName());
        at("name the link", host, Links.setAlias(index, alias, POD_LINK_SETTINGS));
        return index;
    }

    /// A link of our name is a left-over of the same key (a daemon that died between two steps had not named it yet).
    private static void removeStale(NetlinkSocket host, PodWiring wiring, String name) throws NetworkFailure {
        Optional<Link> found = at("look at the stale link", () -> host.link(name));
        if (found.isEmpty()) {
            return; // gone meanwhile, with its namespace
        }
        Link link = found.get();
        boolean same = PodIdentity.parse(link.alias())
                .map(alias -> alias.identity().equals(wiring.identity()))
                .orElse(link.alias().isEmpty());
        if (!same || !link.kind().equals("veth")) {
            throw new NetworkFailure(
                    NetworkFailure.Kind.FOREIGN_LINK,
                    "look at the stale link",
                    name + " (" + link.kind() + ") belongs to '" + link.alias() + "'");
        }
        at("delete the stale link", () -> host.requestUnless(Links.delete(link.index()), Errno.ENODEV));
    }

    private static void wirePod(NetlinkSocket pod, PodWiring wiring, MacAddress gatewayMac) throws NetworkFailure {
        String name = wiring.interfaceName();
        int index = at("find the pod's link", () -> pod.link(name))
                .orElseThrow(() ->
                        new NetworkFailure(NetworkFailure.Kind.KERNEL, "find the pod's link", name + " is gone again"))
                .index();
        at("bring the pod's link up", pod, Links.setUp(index));
        Cidr gateway = host(GATEWAY);
        at(
                "give the pod its address",
                pod,
                Addresses.add(new Address(
                        index, wiring.address(), host(wiring.address()).prefixBits(), 0, false)));
        at("route the pod to its gateway", pod, Routes.replace(Route.onLink(gateway, index, Route.TABLE_MAIN)));
        at("route the pod by its gateway", pod, Routes.replace(Route.defaultVia(GATEWAY, index, Route.TABLE_MAIN)));
        at("tell the pod its gateway's MAC", pod, Neighbours.replacePermanent(GATEWAY, gatewayMac, index));
    }

    private static void wireHost(NetlinkSocket host, PodWiring wiring, int index, Undo undo) throws NetworkFailure {
        InetAddress address = wiring.address();
        int table = RouteTables.of(wiring.networkCard(), wiring.deviceIndex());
        Route route = Route.onLink(host(address), index, Route.TABLE_MAIN);
        at("route to the pod", host, Routes.replace(route));
        undo.push(() -> host.requestUnless(Routes.delete(route), Errno.ESRCH));
        Rule toPod = Rule.to(address, Route.TABLE_MAIN, RouteTables.PRIORITY_TO_POD);
        at("add the rule to the pod", () -> host.requestUnless(Rules.add(toPod), Errno.EEXIST));
        undo.push(() -> host.requestUnless(Rules.delete(toPod), Errno.ENOENT));
        at("delete stale rules from the pod", () -> deleteAll(host, anyFromPod(address)));
        if (table != Route.TABLE_MAIN) {
            Rule fromPod = Rule.from(address, table, RouteTables.PRIORITY_FROM_POD);
            at("add the rule from the pod", host, Rules.add(fromPod));
            undo.push(() -> host.requestUnless(Rules.delete(fromPod), Errno.ENOENT));
        }
    }

    /// Rules and route at once; the link later. All of it may be gone already.
    void unwire(NetlinkSocket host, PodUnwiring unwiring) throws NetworkFailure {
        InetAddress address = unwiring.address();
        at("delete the rules to the pod", () -> deleteAll(host, Rule.to(address, 0, RouteTables.PRIORITY_TO_POD)));
        at("delete the rules from the pod", () -> deleteAll(host, anyFromPod(address)));
        String name = unwiring.identity().hostInterface(settings.vethPrefix());
        Optional<Link> found = at("find the pod's host link", () -> host.link(name));
        if (found.isPresent() && isOf(found.get(), unwiring.identity())) {
            int index = found.get().index();
            Route route = Route.onLink(host(address), index, Route.TABLE_MAIN);
            at("delete the route to the pod", () -> host.requestUnless(Routes.delete(route), Errno.ESRCH));
            reaper.add(index);
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

    private static boolean deleteAll(NetlinkSocket host, Rule rule) throws NetlinkFailure {
        Request delete = Rules.delete(rule);
        for (int i = 0; i < STALE_RULES_MAX; i++) {
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

    private static Cidr host(InetAddress address) {
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
