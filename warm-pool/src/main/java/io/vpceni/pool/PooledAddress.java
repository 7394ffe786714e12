package io.vpceni.pool;

import io.vpceni.config.AddressOrder;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One address of a [Block] and who uses it. Mutable. [AddressBook] calls the transitions, for it keeps the indexes
/// that are sorted by what they change.
final class PooledAddress {

    /// Who uses it.
    enum Use {
        FREE,
        ASSIGNED,
        COOLING,
        /// The kernel shows it on a link that the pool does not know.
        UNKNOWN_HOLDER
    }

    /// The address that has been free longest comes first, never used ones before all others; among equals the
    /// lowest.
    static final Comparator<PooledAddress> LONGEST_FREE =
            Comparator.comparing((PooledAddress a) -> a.freeSince).thenComparing(a -> a.octets, AddressOrder.OCTETS);

    private final InetAddress address;
    private final Block block;
    private final byte[] octets;
    private Instant freeSince = Instant.MIN;
    private Use use = Use.FREE;
    private Optional<Holding> holding = Optional.empty();
    private Instant since;

    /// The first view of the kernel that did not show the sandbox which has it.
    private @Nullable Instant absentSince;

    /// The last view of the kernel that showed the sandbox which had it then.
    private @Nullable Instant shownAt;

    PooledAddress(InetAddress address, Block block, Instant since) {
        this.address = address;
        this.block = block;
        this.octets = address.getAddress();
        this.since = since;
    }

    InetAddress address() {
        return address;
    }

    Block block() {
        return block;
    }

    Use use() {
        return use;
    }

    /// Since when it is used as it is.
    Instant since() {
        return since;
    }

    /// End of the last use's cooldown; [Instant#MIN] when it was never used. While it cools this lies ahead.
    Instant freeSince() {
        return freeSince;
    }

    /// The sandbox that has it.
    Optional<Assignment> holder() {
        return holding.map(Holding::assignment);
    }

    Optional<Holding> holding() {
        return holding;
    }

    AddressState state() {
        return switch (block.state()) {
            case BlockState.Quarantined _ -> AddressState.QUARANTINED;
            case BlockState.Leaving _, BlockState.Removed _ -> AddressState.LEAVING;
            case BlockState.Disputed _ -> AddressState.DISPUTED;
            case BlockState.Active _ ->
                switch (use) {
                    case FREE -> AddressState.FREE;
                    case ASSIGNED -> AddressState.ASSIGNED;
                    case COOLING -> AddressState.COOLING;
                    case UNKNOWN_HOLDER -> AddressState.DISPUTED;
                };
        };
    }

    /// A sandbox has it from now on.
    ///
    /// @throws IllegalStateException when another one has it
    void assign(Holding to, Instant now) {
        requireNoHolder();
        use(Use.ASSIGNED, freeSince, now);
        holding = Optional.of(to);
        absentSince = null;
    }

    /// Its sandbox gave it back, and it is free at once.
    ///
    /// @param freeFrom the end of that use; empty: nobody used it
    /// @throws IllegalStateException when no sandbox has it
    void release(Optional<Instant> freeFrom, Instant now) {
        requireHolder();
        holding = Optional.empty();
        use(Use.FREE, freeFrom.orElse(freeSince), now);
    }

    /// Its sandbox gave it back, and it may be given out from that time on.
    ///
    /// @throws IllegalStateException when no sandbox has it
    void releaseToCool(Instant until, Instant now) {
        requireHolder();
        holding = Optional.empty();
        use(Use.COOLING, until, now);
    }

    /// Its sandbox gave it back, and another one has it already.
    ///
    /// @throws IllegalStateException when no sandbox has it
    void reassign(Holding to, Instant now) {
        requireHolder();
        holding = Optional.of(to);
        absentSince = null;
        use(Use.ASSIGNED, freeSince, now);
    }

    /// Its sandbox was added once more.
    ///
    /// @throws IllegalStateException when no sandbox has it
    void repeated(Holding later) {
        requireHolder();
        holding = Optional.of(later);
    }

    /// It may be given out from that time on.
    ///
    /// @throws IllegalStateException when a sandbox has it
    void cool(Instant until, Instant now) {
        requireNoHolder();
        use(Use.COOLING, until, now);
    }

    /// Its cooldown is over, or its unknown holder is gone.
    ///
    /// @throws IllegalStateException when a sandbox has it
    void free(Instant now) {
        requireNoHolder();
        use(Use.FREE, freeSince, now);
    }

    /// The kernel shows it on a link that the pool does not know.
    ///
    /// @throws IllegalStateException when a sandbox of the pool's has it
    void unknownHolder(Instant now) {
        requireNoHolder();
        use(Use.UNKNOWN_HOLDER, freeSince, now);
    }

    private void requireNoHolder() {
        if (use == Use.ASSIGNED) {
            throw new IllegalStateException(address.getHostAddress() + " is assigned to "
                    + holder().map(Assignment::key).orElse(null));
        }
    }

    private void requireHolder() {
        if (use != Use.ASSIGNED) {
            throw new IllegalStateException("no sandbox has " + address.getHostAddress() + ": it is " + use);
        }
    }

    private void use(Use to, Instant freeFrom, Instant now) {
        block.removeUse(this);
        freeSince = freeFrom;
        use = to;
        since = now;
        block.addUse(this);
    }

    /// A view of the kernel shows its sandbox.
    void shown(Instant asked) {
        absentSince = null;
        shownAt = asked;
    }

    /// A view of the kernel does not show its sandbox.
    ///
    /// @return whether an earlier view, more than `longEnough` before, did not show it either
    boolean absent(Instant asked, Duration longEnough) {
        if (absentSince == null) {
            absentSince = asked;
            return false;
        }
        return asked.isAfter(absentSince.plus(longEnough));
    }

    /// Whether a view of the kernel has shown its sandbox.
    boolean wasShown() {
        return shownAt != null && shownAt.isAfter(since);
    }
}
