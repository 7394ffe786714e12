package io.vpceni.network;

import io.vpceni.netlink.ForeignDatagrams;
import io.vpceni.netlink.KernelEvent;
import io.vpceni.netlink.NetlinkSocket;
import io.vpceni.netlink.Nftables;
import java.util.HashSet;
import java.util.Set;

/// Tells changes that this process made in the kernel from changes of others (also a second ipamd): by the port
/// ids of its netlink sockets, and by the thread that owns the nftables context, because libnftables does not show
/// its socket. May be called from any thread.
///
/// Closed sockets and contexts are forgotten, because the kernel then reuses their port ids and thread ids. An
/// event of theirs that is read later counts as another program's, which only costs a check.
final class OwnChanges {

    private final ForeignDatagrams foreign = new ForeignDatagrams();
    private final Set<NetlinkSocket> sockets = new HashSet<>();
    private final Set<Nftables> contexts = new HashSet<>();

    /// Datagrams that others sent to our sockets, as far as the sockets were opened with this.
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
