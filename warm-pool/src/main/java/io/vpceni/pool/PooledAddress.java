package io.vpceni.pool;

import java.net.InetAddress;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;

/// One secondary address of this node and the state that it is in. Mutable; only [AddressBook] changes it.
final class PooledAddress {

    /// IPv4 before IPv6, then by number.
    static final Comparator<InetAddress> NUMERIC = (a, b) -> {
        byte[] left = a.getAddress();
        byte[] right = b.getAddress();
        return left.length != right.length
                ? Integer.compare(left.length, right.length)
                : Arrays.compareUnsigned(left, right);
    };

    /// Longest rested first; one that was never used has rested longest of all. Ties by number.
    static final Comparator<PooledAddress> LONGEST_RESTED =
            Comparator.comparing((PooledAddress a) -> a.freeSince).thenComparing(a -> a.address, NUMERIC);

    final InetAddress address;
    final EniShelf shelf;

    /// End of the last use's cooldown; [Instant#MIN] when it was never used. While cooling it lies ahead.
    Instant freeSince = Instant.MIN;

    AddressState state = AddressState.FREE;

    Optional<Assignment> holder = Optional.empty();

    PooledAddress(InetAddress address, EniShelf shelf) {
        this.address = address;
        this.shelf = shelf;
    }
}
