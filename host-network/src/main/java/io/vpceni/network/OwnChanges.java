package io.vpceni.network;

import io.vpceni.netlink.ForeignDatagrams;
import io.vpceni.netlink.KernelEvent;
import io.vpceni.netlink.NetlinkSocket;
import io.vpceni.netlink.Nftables;
import java.util.HashSet;
import java.util.Set;

/// Tells what this process did to the kernel from what others did, a second ipamd among them: by the port ids of its
/// netlink sockets, and by the thread that has the nftables context, whose socket libnftables does not show. From any
/// thread.
///
/// What is closed is forgotten: the kernel gives port ids and numbers of threads to others afterwards. An event that is
/// read later than that counts as somebody else's, which costs a look.
final class OwnChanges {

    private final ForeignDatagrams foreign = new ForeignDatagrams();
    private final Set<NetlinkSocket> sockets = new HashSet<>();
    private final Set<Nftables> contexts = new HashSet<>();

    /// What others sent to sockets of ours, as far as they were opened with this.
    ForeignDatagrams foreign() {
        return foreign;
    }

    /// @return the socket
    synchronized NetlinkSocket note(NetlinkSocket socket) {
        sockets.removeIf(NetlinkSocket::isClosed);
        sockets.add(socket);
        return socket;
    }

    /// @return the context
    synchronized Nftables note(Nftables context) {
        contexts.removeIf(Nftables::isClosed);
        contexts.add(context);
        return context;
    }

    synchronized boolean isOwn(KernelEvent event) {
        return switch (event) {
            case KernelEvent.NftGeneration(int port, int threadId) ->
                hasSocket(port, true)
                        || contexts.stream().anyMatch(context -> !context.isClosed() && context.threadId() == threadId);
            case KernelEvent.LinkIs _,
                    KernelEvent.LinkGone _,
                    KernelEvent.Changed _,
                    KernelEvent.SettingsAre _,
                    KernelEvent.Lost _ -> hasSocket(event.port(), false);
        };
    }

    private boolean hasSocket(int port, boolean netfilter) {
        return sockets.stream()
                .anyMatch(socket ->
                        !socket.isClosed() && socket.isNetfilter() == netfilter && socket.port() == port && port != 0);
    }
}
