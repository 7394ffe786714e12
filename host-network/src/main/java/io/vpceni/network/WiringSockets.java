package io.vpceni.network;

import io.vpceni.netlink.NetlinkFailure;
import io.vpceni.netlink.NetlinkSocket;
import io.vpceni.netlink.NetnsSwitch;

/// The resources of each thread that wires pods: two sockets in the node's namespace, for rtnetlink and for
/// nftables, and the switch into namespaces of sandboxes.
record WiringSockets(NetlinkSocket host, NetlinkSocket netfilter, NetnsSwitch netnsSwitch) implements AutoCloseable {

    /// @param own learns the port ids of the sockets
    static WiringSockets open(OwnChanges own) throws NetlinkFailure {
        NetlinkSocket host = own.note(NetlinkSocket.open(own.foreign()));
        try {
            return open(host, own.note(NetlinkSocket.openNetfilter(own.foreign())), own);
        } catch (NetlinkFailure e) {
            host.close();
            throw e;
        }
    }

    private static WiringSockets open(NetlinkSocket host, NetlinkSocket netfilter, OwnChanges own)
            throws NetlinkFailure {
        try {
            return new WiringSockets(host, netfilter, NetnsSwitch.fromHere(own.foreign()));
        } catch (NetlinkFailure e) {
            netfilter.close();
            throw e;
        }
    }

    /// Whether the thread could not return to the node's namespace.
    boolean isStuckInForeignNetns() {
        return netnsSwitch.isStuckInForeignNetns();
    }

    @Override
    public void close() {
        netnsSwitch.close();
        netfilter.close();
        host.close();
    }
}
