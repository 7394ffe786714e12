package io.vpceni.network;

import io.vpceni.netlink.KernelEvent;
import io.vpceni.netlink.NetlinkSocket;
import java.util.HashSet;
import java.util.Set;

/// Tells what this process did to the kernel from what others did: by the port ids of its netlink sockets, and by the
/// name of the threads that have nftables. From any thread.
final class OwnDoings {

    /// What the kernel tells of a thread's name (`TASK_COMM_LEN`, less the ending NUL).
    private static final int NAME_BYTES_MAX = 15;

    private final Set<Integer> ports = new HashSet<>();
    private final String nftablesThreads;

    /// @param nftablesThreads how the names of the threads begin that make transactions
    OwnDoings(String nftablesThreads) {
        this.nftablesThreads = nftablesThreads.substring(0, Math.min(NAME_BYTES_MAX, nftablesThreads.length()));
    }

    /// @return the socket
    synchronized NetlinkSocket note(NetlinkSocket socket) {
        ports.add(socket.port());
        return socket;
    }

    synchronized boolean isOwn(KernelEvent event) {
        boolean byName = event instanceof KernelEvent.NftGeneration generation
                && generation.process().startsWith(nftablesThreads);
        return byName || (event.port() != 0 && ports.contains(event.port()));
    }
}
