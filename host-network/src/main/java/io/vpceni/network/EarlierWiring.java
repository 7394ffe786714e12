package io.vpceni.network;

import static io.vpceni.network.PodWirer.at;

import io.vpceni.netlink.Address;
import io.vpceni.netlink.Link;
import io.vpceni.netlink.Links;
import io.vpceni.netlink.NetlinkSocket;
import io.vpceni.netlink.Route;
import java.net.InetAddress;
import java.util.Optional;
import jnr.constants.platform.linux.Errno;

/// What stands where a new link is to be: the same wiring, done before; a left-over of ours; or someone else's.
///
/// Ours is a host link with the name and alias of the key. It is wired when the sandbox's link is its other end, has an
/// address, and the node's packets to that address go by it.
final class EarlierWiring {

    private final NetlinkSocket host;
    private final NetlinkSocket pod;
    private final PodWiring wiring;
    private final String hostInterface;

    EarlierWiring(NetlinkSocket host, NetlinkSocket pod, PodWiring wiring, String hostInterface) {
        this.host = host;
        this.pod = pod;
        this.wiring = wiring;
        this.hostInterface = hostInterface;
    }

    /// The earlier wiring when it is the same one. Empty: what was left over is gone, the link can be created.
    ///
    /// @throws NetworkFailure INTERFACE_EXISTS or FOREIGN_LINK, and nothing was touched
    Optional<WiredPod> answerOrMakeWay() throws NetworkFailure {
        Optional<Link> inside = at("look into the sandbox", () -> pod.link(wiring.interfaceName()));
        Optional<Link> outside = at("look at the stale link", () -> host.link(hostInterface));
        boolean ours = outside.isPresent() && isOurs(outside.get());
        if (inside.isPresent()) {
            if (!ours || !arePeers(inside.get(), outside.get())) {
                throw exists();
            }
            Optional<InetAddress> address = wiredAddress(inside.get(), outside.get());
            if (address.isPresent()) {
                return Optional.of(same(address.get(), inside.get(), outside.get()));
            }
        }
        if (outside.isPresent()) {
            Link stale = outside.get();
            if (!ours) {
                throw new NetworkFailure(
                        NetworkFailure.Kind.FOREIGN_LINK,
                        "look at the stale link",
                        hostInterface + " (" + stale.kind() + ") belongs to '" + stale.alias() + "'");
            }
            at("delete the stale link", () -> host.requestUnless(Links.delete(stale.index()), Errno.ENODEV));
        }
        return Optional.empty();
    }

    /// A daemon that died between two steps had not named its link yet.
    private boolean isOurs(Link link) {
        return link.kind().equals("veth")
                && PodIdentity.parse(link.alias())
                        .map(alias -> alias.identity().equals(wiring.identity()))
                        .orElse(link.alias().isEmpty());
    }

    private static boolean arePeers(Link one, Link other) {
        return one.kind().equals("veth") && one.peer() == other.index() && other.peer() == one.index();
    }

    private Optional<InetAddress> wiredAddress(Link inside, Link outside) throws NetworkFailure {
        for (Address address : at("look into the sandbox", pod::addresses)) {
            if (address.linkIndex() == inside.index() && address.scope() == Route.SCOPE_GLOBAL) {
                Optional<Route> way = at("look at the route to the pod", () -> host.routeTo(address.address()));
                if (way.isPresent() && way.get().linkIndex() == outside.index()) {
                    return Optional.of(address.address());
                }
            }
        }
        return Optional.empty();
    }

    private WiredPod same(InetAddress address, Link inside, Link outside) throws NetworkFailure {
        if (!address.equals(wiring.address())) {
            throw exists();
        }
        return new WiredPod(
                outside.name(), outside.macs().getFirst(), inside.macs().getFirst(), inside.mtu());
    }

    private NetworkFailure exists() {
        return new NetworkFailure(
                NetworkFailure.Kind.INTERFACE_EXISTS,
                "look into the sandbox",
                "container " + wiring.containerId() + " has an interface " + wiring.interfaceName() + " already");
    }
}
