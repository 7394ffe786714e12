package io.vpceni.network;

import io.vpceni.netlink.NetlinkFailure;
import io.vpceni.netlink.NetlinkSocket;
import io.vpceni.netlink.Visitor;

/// What a thread that wires has: a socket in the node's namespace, and the way into sandboxes.
record Workplace(NetlinkSocket host, Visitor visitor) implements AutoCloseable {

    static Workplace open() throws NetlinkFailure {
        NetlinkSocket host = NetlinkSocket.open();
        try {
            return new Workplace(host, Visitor.fromHere());
        } catch (NetlinkFailure e) {
            host.close();
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
        host.close();
    }
}
