package io.vpceni.network;

import io.vpceni.config.Cidr;
import io.vpceni.config.MacAddress;
import io.vpceni.config.NetworkSettings;
import io.vpceni.netlink.Link;
import io.vpceni.netlink.Links;
import io.vpceni.netlink.Links.VethEnd;
import io.vpceni.netlink.NetlinkFailure;
import io.vpceni.netlink.NetlinkRequest;
import io.vpceni.netlink.NetlinkSocket;
import io.vpceni.netlink.NetnsFd;
import io.vpceni.netlink.Route;
import io.vpceni.netlink.Routes;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import jnr.constants.platform.linux.Errno;

/// Wires one sandbox, step by step, on a thread that owns a socket in the node's namespace.
///
/// The pod has a /32 address and one permanent neighbour entry, the gateway with the host end's MAC address. So no
/// one asks for the gateway, and the host end needs no address. When the pod loses that entry, because a chained
/// plugin changed its MAC address, the host end answers its ARP request (proxy_arp). On the node, packets to the pod
/// use the host route by rule 512, before any other rule. Packets from a pod of a secondary ENI use that ENI's
/// table, by rule 1536.
final class PodWirer {

    /// Links that can have the name of a new link: one in the sandbox, one on the node, and each created again
    /// in the meantime.
    private static final int OBSTACLES_MAX = 4;

    private final NetworkSettings settings;
    private final RandomGenerator random;
    private final LinkReaper reaper;
    private final WiredPods wired;
    private final AltNames altNames;
    private final AddressLocks locks;
    private final HostNames names;
    private final LinksInCreation underWay = new LinksInCreation();

    /// A wired sandbox.
    ///
    /// @param displaced see [WiredPods#add]
    record Done(WiredPod pod, WiredPods.Entry entry, List<WiredPods.Entry> displaced) {}

    PodWirer(
            NetworkSettings settings,
            RandomGenerator random,
            LinkReaper reaper,
            WiredPods wired,
            AltNames altNames,
            AddressLocks locks) {
        this.settings = settings;
        this.random = random;
        this.reaper = reaper;
        this.wired = wired;
        this.altNames = altNames;
        this.locks = locks;
        this.names = new HostNames(settings.vethPrefix());
    }

    /// If this wiring was already done for the sandbox, the result is the same, because the first answer may
    /// have been lost. What the sandbox has lost since is restored.
    Done wire(WiringSockets sockets, PodWiring wiring, NetnsFd netns) throws NetworkFailure {
        if (at("check the sandbox's namespace", () -> sockets.netnsSwitch().isHome(netns))) {
            throw new NetworkFailure(
                    NetworkFailure.Kind.OWN_NAMESPACE,
                    "check the sandbox's namespace",
                    "the network namespace of container " + wiring.key().containerId() + " is the node's own");
        }
        try (NetlinkSocket pod =
                        at("enter the sandbox", () -> sockets.netnsSwitch().open(netns));
                LinksInCreation.Claim claim = underWay.claim()) {
            ExistingInterface earlier = new ExistingInterface(sockets.host(), pod, wiring, claim, wired);
            Optional<WiredPods.Entry> known = wired.find(wiring.identity());
            Optional<ExistingInterface.Found.Same> same =
                    known.isPresent() ? earlier.known(known.get()) : Optional.empty();
            List<String> choices = choices(wiring);
            if (same.isPresent()) {
                return wireAgain(sockets.host(), pod, wiring, same.get(), choices);
            }
            return wire(sockets.host(), pod, wiring, netns, claim, earlier, choices);
        }
    }

    private Done wire(
            NetlinkSocket host,
            NetlinkSocket pod,
            PodWiring wiring,
            NetnsFd netns,
            LinksInCreation.Claim claim,
            ExistingInterface earlier,
            List<String> choices)
            throws NetworkFailure {
        VethEnd podEnd = new VethEnd(wiring.key().interfaceName(), anyMac(), settings.podMtu());
        MacAddress hostMac = anyMac();
        String taken = "";
        for (String name : choices) {
            VethEnd hostEnd = new VethEnd(name, hostMac, settings.podMtu());
            for (int i = 0; i < OBSTACLES_MAX && claim.take(name); i++) {
                NetlinkRequest add = Links.addVeth(hostEnd, podEnd, netns, LinkGroups.of(wiring.sources()));
                if (at("create the link", () -> host.requestUnless(add, Errno.EEXIST))) {
                    return finish(host, pod, wiring, hostEnd, podEnd, choices);
                }
                ExistingInterface.Found found = earlier.look(name);
                if (found instanceof ExistingInterface.Found.Same same) {
                    return wireAgain(host, pod, wiring, same, choices);
                }
                if (found instanceof ExistingInterface.Found.NameTaken(Link by)) {
                    taken = name + " (" + by.kind() + ") belongs to '" + by.alias() + "'";
                    break;
                }
            }
        }
        throw new NetworkFailure(
                NetworkFailure.Kind.FOREIGN_LINK,
                "create the link",
                taken.isEmpty()
                        ? String.join(" and ", choices)
                                + " are taken again after each deletion; find the program that creates them"
                        : taken);
    }

    private Done finish(
            NetlinkSocket host,
            NetlinkSocket pod,
            PodWiring wiring,
            VethEnd hostEnd,
            VethEnd podEnd,
            List<String> choices)
            throws NetworkFailure {
        Undo undo = new Undo();
        undo.push(() -> delete(host, hostEnd.name()));
        try {
            int inside = indexOf("find the pod's link", pod, podEnd.name());
            boolean hasDefaultRoute = new PodSide(pod, wiring, inside, hostEnd.mac()).wire();
            int index = indexOf("find the new link", host, hostEnd.name());
            WiredPod done = new WiredPod(
                    hostEnd.name(), WiredPod.GATEWAY, hostEnd.mac(), podEnd.mac(), settings.podMtu(), hasDefaultRoute);
            return locks.holding(wiring.address(), () -> {
                HostSide.wire(host, wiring, index, undo);
                return remember(wiring, index, done, choices);
            });
        } catch (NetworkFailure | RuntimeException | Error e) {
            undo.because(e);
            throw e;
        }
    }

    /// If it fails, nothing is undone: the sandbox was wired before.
    private Done wireAgain(
            NetlinkSocket host,
            NetlinkSocket pod,
            PodWiring wiring,
            ExistingInterface.Found.Same same,
            List<String> choices)
            throws NetworkFailure {
        Link inside = same.inside();
        Link outside = same.outside();
        MacAddress hostMac = outside.macs().getFirst();
        HostSide.mendLink(host, outside.index(), settings.podMtu(), wiring.sources());
        at("restore the pod's link", pod, Links.setUp(inside.index(), settings.podMtu(), Map.of()));
        boolean hasDefaultRoute = new PodSide(pod, wiring, inside.index(), hostMac).wireAgain();
        WiredPod done = new WiredPod(
                outside.name(),
                WiredPod.GATEWAY,
                hostMac,
                inside.macs().getFirst(),
                settings.podMtu(),
                hasDefaultRoute);
        return locks.holding(wiring.address(), () -> {
            HostSide.wireAgain(host, wiring, outside.index());
            return remember(wiring, outside.index(), done, choices);
        });
    }

    private Done remember(PodWiring wiring, int index, WiredPod pod, List<String> choices) {
        WiredPods.Entry entry = new WiredPods.Entry(
                wiring, index, pod.hostInterface(), Optional.of(pod.hostMac()), settings.podMtu(), false);
        List<WiredPods.Entry> displaced = add(entry);
        wantAltName(choices, index, pod.hostInterface());
        return new Done(pod, entry, displaced);
    }

    /// For a sandbox that an earlier ipamd or the AWS VPC CNI wired.
    void keep(WiredPods.Entry entry) {
        var _ = add(entry); // the packet filter's elements are told as a whole afterwards
        PodWiring wiring = entry.wiring();
        if (!entry.adopted() && !PodIdentity.mayBeCut(wiring.alias())) {
            wantAltName(choices(wiring), entry.linkIndex(), entry.hostInterface());
        }
    }

    private List<WiredPods.Entry> add(WiredPods.Entry entry) {
        List<WiredPods.Entry> displaced = wired.add(entry);
        displaced.forEach(gone -> altNames.forget(gone.linkIndex()));
        return displaced;
    }

    private void wantAltName(List<String> choices, int index, String name) {
        String first = choices.getFirst();
        if (choices.size() > 1 && !first.equals(name)) {
            altNames.want(index, first);
        }
    }

    private List<String> choices(PodWiring wiring) {
        return names.of(wiring.identity(), wiring.pod());
    }

    private static void delete(NetlinkSocket host, String name) throws NetlinkFailure {
        Optional<Link> link = host.link(name);
        if (link.isPresent()) {
            host.requestUnless(Links.delete(link.get().index()), Errno.ENODEV);
        }
    }

    private static int indexOf(String step, NetlinkSocket socket, String name) throws NetworkFailure {
        return at(step, () -> socket.link(name))
                .orElseThrow(() -> new NetworkFailure(
                        NetworkFailure.Kind.KERNEL,
                        step,
                        name + " was deleted while the pod was wired; the runtime's next ADD repeats it"))
                .index();
    }

    /// Removes rules and route at once, and the link later. No error if they are gone.
    ///
    /// The link to which the address leads now decides whose the rules are. If it is a link of ours with the
    /// alias of another key, the rules belong to that pod, and those of this key are long gone. If it is a
    /// link without our alias, it belongs to this key if the key has no link of ours: the AWS VPC CNI wired
    /// it, and the link stays until its namespace ends.
    void unwire(NetlinkSocket host, PodUnwiring unwiring) throws NetworkFailure {
        Optional<Link> own = locks.holding(unwiring.address(), () -> unwireNow(host, unwiring));
        if (own.isPresent()) {
            reaper.add(own.get().index()); // may wait for a round
            return;
        }
        at(
                "give a name that is free now",
                () -> { // the link went with its namespace
                    altNames.give(host);
                    return true;
                });
    }

    private Optional<Link> unwireNow(NetlinkSocket host, PodUnwiring unwiring) throws NetworkFailure {
        InetAddress address = unwiring.address();
        Optional<WiredPods.Entry> known = wired.remove(unwiring.identity());
        Optional<Link> own = ownLink(host, unwiring, known);
        Optional<Route> way = at("read the route to the pod", () -> host.hostRoute(address));
        if (way.isEmpty() || isOwn(host, way.get().linkIndex(), unwiring.identity(), own)) {
            HostSide.deleteRules(host, address);
            if (way.isPresent() && own.isEmpty()) {
                Route adopted = Route.onLink(host(address), way.get().linkIndex(), Route.TABLE_MAIN);
                at("delete the route to the pod", () -> host.requestUnless(Routes.delete(adopted), Errno.ESRCH));
            }
        }
        if (own.isPresent()) {
            int index = own.get().index();
            Route route = Route.onLink(host(address), index, Route.TABLE_MAIN);
            altNames.forget(index);
            new RequestBatch()
                    .then("delete the route to the pod", Routes.delete(route), Errno.ESRCH)
                    .then("mark the link as unwired", Links.setGroup(index, LinkGroups.REAPED), Errno.ENODEV)
                    .run(host);
        }
        return own;
    }

    /// Found by what is known, otherwise by its possible names. The alias decides.
    private Optional<Link> ownLink(NetlinkSocket host, PodUnwiring unwiring, Optional<WiredPods.Entry> known)
            throws NetworkFailure {
        PodIdentity identity = unwiring.identity();
        if (known.isPresent() && !known.get().adopted()) {
            int index = known.get().linkIndex();
            Optional<Link> link = at("find the pod's host link", () -> host.link(index));
            if (link.filter(found -> identity.isOf(found) || found.alias().isEmpty())
                    .isPresent()) {
                return link;
            }
        }
        for (String name : names.of(identity, unwiring.pod())) {
            Optional<Link> link =
                    at("find the pod's host link", () -> host.link(name)).filter(identity::isOf);
            if (link.isPresent()) {
                return link;
            }
        }
        return Optional.empty();
    }

    private static boolean isOwn(NetlinkSocket host, int index, PodIdentity identity, Optional<Link> own)
            throws NetworkFailure {
        if (own.isPresent() || index == 0) { // 0: a route of several links or of none is nobody's of ours
            return own.filter(link -> link.index() == index).isPresent();
        }
        Optional<Link> link = at("read the link to the pod", () -> host.link(index));
        return link.filter(found ->
                        identity.isOf(found) || PodIdentity.parse(found.alias()).isEmpty())
                .isPresent();
    }

    /// Locally administered, unicast. It has 46 random bits, so it is not compared with other addresses.
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

    static void at(String step, NetlinkSocket socket, NetlinkRequest request) throws NetworkFailure {
        try {
            socket.request(request);
        } catch (NetlinkFailure e) {
            throw new NetworkFailure(NetworkFailure.Kind.KERNEL, step, e);
        }
    }
}
