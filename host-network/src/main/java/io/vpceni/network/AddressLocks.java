package io.vpceni.network;

import io.vpceni.netlink.NetlinkFailure;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/// Locks by address: only one thread at a time wires, unwires or sweeps an address. The work under a lock is a few
/// messages to the kernel, so the waits are short. Two addresses can share a lock by chance; they then wait for
/// each other.
final class AddressLocks {

    /// Many more than there are threads that wire.
    private static final int LOCKS = 64;

    private final List<Object> locks = Stream.generate(Object::new).limit(LOCKS).toList();

    /// Work under the lock of an address.
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
