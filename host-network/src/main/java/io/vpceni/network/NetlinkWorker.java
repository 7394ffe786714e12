package io.vpceni.network;

import io.vpceni.netlink.NetlinkFailure;
import io.vpceni.netlink.NetlinkSocket;
import io.vpceni.netlink.NetnsSwitch;

/// What a thread that wires has: sockets in the node's namespace, for routes and for packet filters, and the way into
/// sandboxes.
record NetlinkWorker(NetlinkSocket host, NetlinkSocket netfilter, NetnsSwitch visitor) implements AutoCloseable {

    /// @param own whose doings those of its sockets are
    static NetlinkWorker open(OwnChanges own) throws NetlinkFailure {
        NetlinkSocket host = own.note(NetlinkSocket.open(own.foreign()));
        try {
            return open(host, own.note(NetlinkSocket.openNetfilter(own.foreign())), own);
        } catch (NetlinkFailure e) {
            host.close();
            throw e;
        }
    }

    private static NetlinkWorker open(NetlinkSocket host, NetlinkSocket netfilter, OwnChanges own)
            throws NetlinkFailure {
        try {
            return new NetlinkWorker(host, netfilter, NetnsSwitch.fromHere(own.foreign()));
        } catch (NetlinkFailure e) {
            netfilter.close();
            throw e;
        }
    }

    /// Whether its thread is not in the node's namespace any more.
    boolean isLost() {
        return visitor.isLost();
    }

    @Override
    public void close() {
        visitor.close();
        netfilter.close();
        host.close();
    }
}
