package io.vpceni.network;

import io.vpceni.netlink.NetlinkFailure;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/// One at a time does something about an address on the node: wiring, unwiring, or sweeping. What is done is some
/// messages to the kernel, so nobody waits long; two addresses that share a lock by chance wait for each other too.
final class AddressLocks {

    /// Many more than there are threads that wire.
    private static final int LOCKS = 64;

    private final List<Object> locks = Stream.generate(Object::new).limit(LOCKS).toList();

    /// Something to be done.
    @FunctionalInterface
    interface Work<T> {
        T run() throws NetlinkFailure, NetworkFailure;
    }

    <T> T holding(InetAddress address, Work<T> work) throws NetworkFailure {
        synchronized (locks.get(Math.floorMod(address.hashCode(), LOCKS))) {
            try {
                return work.run();
            } catch (NetlinkFailure e) {
                throw new NetworkFailure(NetworkFailure.Kind.KERNEL, "look after " + address.getHostAddress(), e);
            }
        }
    }
}
