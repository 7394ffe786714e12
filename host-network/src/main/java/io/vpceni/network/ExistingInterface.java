package io.vpceni.network;

import static io.vpceni.network.PodWirer.at;

import io.vpceni.netlink.Link;
import io.vpceni.netlink.Links;
import io.vpceni.netlink.NetlinkSocket;
import java.util.Optional;
import jnr.constants.platform.linux.Errno;

/// Decides what to do when a name for a new link is taken. The existing link is one of these: the same wiring,
/// done before; a link of ours that is not needed any more, which is deleted; or a link that stays, because it
/// belongs to another sandbox or another program.
///
/// A link is not needed if its sandbox was unwired (it waits in the group of links to delete), if it has this key
/// but its other end is not in the sandbox, or if it was left without its alias.
final class ExistingInterface {

    /// The result.
    sealed interface Found {

        /// The sandbox's link is the other end of the key's host link.
        record Same(Link inside, Link outside) implements Found {}

        /// The existing link was deleted; the new link can be created.
        record WayMade() implements Found {}

        /// The host link's name belongs to a link that stays; another name may be free.
        record NameTaken(Link by) implements Found {}
    }

    private final NetlinkSocket host;
    private final NetlinkSocket pod;
    private final PodWiring wiring;
    private final LinksInCreation.Claim names;
    private final WiredPods wired;
    private boolean peerWasMissing;

    ExistingInterface(
            NetlinkSocket host, NetlinkSocket pod, PodWiring wiring, LinksInCreation.Claim names, WiredPods wired) {
        this.host = host;
        this.pod = pod;
        this.wiring = wiring;
        this.names = names;
        this.wired = wired;
    }

    /// Called after the kernel refused to create the pair because a name is taken: this one on the node, or
    /// the interface's name in the sandbox.
    ///
    /// @throws NetworkFailure INTERFACE_EXISTS: the sandbox's link stays, and nothing was changed; BUSY: the
    ///     link is being created right now
    Found look(String name) throws NetworkFailure {
        Optional<Link> inside = inside();
        return inside.isPresent() ? behind(inside.get()) : called(name);
    }

    /// The key was wired before, with the host link of that index. Its alias may have been lost since.
    ///
    /// @return empty: that link is gone or must not stay; the new link can be created
    Optional<Found.Same> known(WiredPods.Entry entry) throws NetworkFailure {
        Optional<Link> outside = at("read the earlier link", () -> host.link(entry.linkIndex()))
                .filter(link -> isVeth(link) && (isSame(link) || link.alias().isEmpty()));
        if (outside.isEmpty() || isDying(outside.get())) {
            return Optional.empty();
        }
        Optional<Link> inside = inside();
        if (inside.isPresent() && arePeers(inside.get(), outside.get())) {
            requireAddress(entry.wiring().address().equals(wiring.address()));
            return Optional.of(new Found.Same(inside.get(), outside.get()));
        }
        if (inside.isEmpty()) {
            delete(outside.get());
        }
        return Optional.empty();
    }

    private Optional<Link> inside() throws NetworkFailure {
        return at(
                "find the interface in the sandbox", () -> pod.link(wiring.key().interfaceName()));
    }

    private Found behind(Link inside) throws NetworkFailure {
        Optional<Link> peer = isVeth(inside) && inside.peer() > 0
                ? at("read the link's other end", () -> host.link(inside.peer()))
                : Optional.empty();
        if (peer.isEmpty() && isVeth(inside) && !peerWasMissing) {
            // The kernel may be in the midst of deleting the pair, one end before the other; the next request to create
            // waits until that is over. If the interface is still there then, it is not of our making.
            peerWasMissing = true;
            return new Found.WayMade();
        }
        Link outside = peer.filter(link -> arePeers(inside, link)).orElseThrow(this::exists);
        if (isSame(outside) && !isDying(outside)) {
            requireAddress(PodIdentity.parse(outside.alias())
                    .filter(alias -> alias.address().equals(wiring.address()))
                    .isPresent());
            return new Found.Same(inside, outside);
        }
        if (!isDying(outside) && !isNameless(outside)) {
            throw exists();
        }
        if (names.isOthers(outside.name())) {
            throw new NetworkFailure(
                    NetworkFailure.Kind.BUSY,
                    "find the interface in the sandbox",
                    wiring.key().interfaceName() + " is being created for another request; try again later");
        }
        delete(outside);
        return new Found.WayMade();
    }

    private Found called(String name) throws NetworkFailure {
        Optional<Link> found = at("read the stale link", () -> host.link(name));
        if (found.isEmpty()) {
            return new Found.WayMade();
        }
        Link link = found.get();
        boolean stays = !isVeth(link) || (!isSame(link) && !isDying(link) && !isNameless(link));
        if (stays || names.isOthers(link.name())) {
            return new Found.NameTaken(link);
        }
        delete(link);
        return new Found.WayMade();
    }

    private void delete(Link stale) throws NetworkFailure {
        at("delete the stale link", () -> host.requestUnless(Links.delete(stale.index()), Errno.ENODEV));
    }

    private boolean isSame(Link link) {
        return wiring.identity().isOf(link);
    }

    private static boolean isVeth(Link link) {
        return link.kind().equals("veth");
    }

    /// Whether its sandbox was unwired, by this ipamd or an earlier one.
    private static boolean isDying(Link link) {
        return link.group() == LinkGroups.REAPED
                && PodIdentity.parse(link.alias()).isPresent();
    }

    /// Whether ipamd ended between two steps and never wrote the alias. If the link of a wired pod lost its
    /// alias, another program removed it, and ipamd restores it soon.
    private boolean isNameless(Link link) {
        return LinkGroups.OF_PODS.contains(link.group())
                && link.alias().isEmpty()
                && wired.on(link.index())
                        .filter(entry -> !entry.identity().equals(wiring.identity()))
                        .isEmpty();
    }

    private static boolean arePeers(Link one, Link other) {
        return isVeth(one) && isVeth(other) && one.peer() == other.index() && other.peer() == one.index();
    }

    private void requireAddress(boolean same) throws NetworkFailure {
        if (!same) {
            throw exists();
        }
    }

    private NetworkFailure exists() {
        return new NetworkFailure(
                NetworkFailure.Kind.INTERFACE_EXISTS,
                "find the interface in the sandbox",
                "container " + wiring.key().containerId() + " has an interface "
                        + wiring.key().interfaceName() + " already");
    }
}
