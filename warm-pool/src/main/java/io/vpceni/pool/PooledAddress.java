package io.vpceni.pool;

import java.net.InetAddress;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One address of a [Block] and who uses it. Mutable; only [AddressBook] changes it.
final class PooledAddress {

    /// Who uses it.
    enum Use {
        FREE,
        ASSIGNED,
        COOLING,
        /// The kernel shows it on a link that the pool knows nothing of.
        UNKNOWN_HOLDER
    }

    /// IPv4 before IPv6, then by number.
    static final Comparator<InetAddress> BY_NUMBER = (a, b) -> compare(a.getAddress(), b.getAddress());

    /// Longest rested first; one that was never used has rested longest of all. Ties by number.
    static final Comparator<PooledAddress> LONGEST_FREE =
            Comparator.comparing((PooledAddress a) -> a.freeSince).thenComparing((a, b) -> compare(a.octets, b.octets));

    final InetAddress address;
    final Block block;
    private final byte[] octets;

    /// End of the last use's cooldown; [Instant#MIN] when it was never used. While it rests it lies ahead.
    Instant freeSince = Instant.MIN;

    Use use = Use.FREE;

    Optional<Assignment> holder = Optional.empty();

    /// Since when it is used as it is.
    Instant since;

    /// The first look at the kernel that did not show the sandbox which has it.
    @Nullable
    Instant absentSince;

    /// The last look at the kernel that showed the sandbox which had it then.
    @Nullable
    Instant shownAt;

    PooledAddress(InetAddress address, Block block, Instant since) {
        this.address = address;
        this.block = block;
        this.octets = address.getAddress();
        this.since = since;
    }

    AddressState state() {
        return switch (block.state) {
            case QUARANTINED -> AddressState.QUARANTINED;
            case LEAVING -> AddressState.LEAVING;
            case DISPUTED -> AddressState.DISPUTED;
            case ACTIVE ->
                switch (use) {
                    case FREE -> AddressState.FREE;
                    case ASSIGNED -> AddressState.ASSIGNED;
                    case COOLING -> AddressState.COOLING;
                    case UNKNOWN_HOLDER -> AddressState.DISPUTED;
                };
        };
    }

    private static int compare(byte[] left, byte[] right) {
        return left.length != right.length
                ? Integer.compare(left.length, right.length)
                : Arrays.compareUnsigned(left, right);
    }
}
