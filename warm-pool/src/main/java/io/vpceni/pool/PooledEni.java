package io.vpceni.pool;

import io.vpceni.config.Cidr;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// One ENI, its blocks and its counts. Mutable; confined to the pool.
final class PooledEni {

    /// Dense placement: the ENI with most sandboxes first, so that others come free as a whole. Among equals the
    /// primary one, for that never goes away; then by id.
    static final Comparator<PooledEni> FULLEST_FIRST = Comparator.comparingInt((PooledEni eni) -> -eni.assigned)
            .thenComparing(eni -> !eni.primary())
            .thenComparing(eni -> eni.id());

    /// The order in which ENIs are filled: as they are plugged, then by id.
    static final Comparator<PooledEni> BY_DEVICE_INDEX = Comparator.comparingInt((PooledEni eni) -> eni.networkCard())
            .thenComparingInt(eni -> eni.deviceIndex())
            .thenComparing(eni -> eni.id());

    static final Duration REFUSAL_KEPT = Duration.ofMinutes(10);

    private final Eni attached;

    /// What it is there for now.
    EniRole role;

    final Instant arrivedAt;
    final NavigableMap<Cidr, Block> blocks = new TreeMap<>();

    /// Blocks that can serve an ADD, of the kind that the mode prefers and of any other kind.
    final NavigableSet<Block> preferred = new TreeSet<>(Block.FULLEST_FIRST);

    final NavigableSet<Block> others = new TreeSet<>(Block.FULLEST_FIRST);

    /// Blocks that nobody uses.
    final NavigableSet<Block> idle = new TreeSet<>(Block.BY_NUMBER);

    /// Of growth on it.
    final GrowthBackoff backOff = new GrowthBackoff();

    /// Of giving back.
    final GrowthBackoff returning = new GrowthBackoff();

    /// Sandboxes on it, disputed ones included.
    int assigned;

    /// Addresses on it that rest or that a stranger uses.
    int unsettled;

    /// Blocks in quarantine, leaving or disputed.
    int notHere;

    /// Blocks on their way to this ENI.
    int pendingBlocks;

    /// Blocks that EC2's latest view lists on it and the pool does not know: they take slots, too.
    int unknownBlocks;

    /// Whether a request about it is under way: there is at most one.
    boolean busy;

    /// Whether it is to go away as a whole, with the blocks that are in quarantine.
    boolean removeWholeEni;

    /// Whether EC2 was asked to take it away.
    boolean removing;

    /// It has no block and is to go: when it may be verified.
    @Nullable
    Instant emptyGoesAt;

    /// As EC2 has it, or less once EC2 has refused more.
    int slots;

    private @Nullable Instant refusedAt;

    /// The most blocks to ask for in one call: less than the room once EC2 has refused that.
    int batchMax;

    /// The first view of EC2 that lacked the whole ENI; null when the last one listed it.
    @Nullable
    Instant missingSince;

    /// Whether EC2 has detached it from this node: it takes no place, and pods with an address of it are cut off.
    boolean detached;

    PooledEni(Eni eni, Instant now) {
        this.attached = eni;
        this.role = eni.role();
        this.arrivedAt = now;
        this.slots = eni.slots();
        this.batchMax = Math.max(1, slots);
    }

    EniId id() {
        return attached.id();
    }

    boolean primary() {
        return attached.primary();
    }

    int networkCard() {
        return attached.networkCard();
    }

    int deviceIndex() {
        return attached.deviceIndex();
    }

    /// Blocks that an ENI of this instance type has room for.
    int slotsOfType() {
        return attached.slots();
    }

    /// As EC2 attached it, with the role that it has now.
    Eni asNow() {
        return new Eni(id(), networkCard(), deviceIndex(), primary(), slotsOfType(), role);
    }

    boolean takesPods() {
        return role == EniRole.PODS;
    }

    /// Blocks that may still be asked for.
    int room() {
        return takesPods() && !detached ? Math.max(0, slots - blocks.size() - pendingBlocks - unknownBlocks) : 0;
    }

    /// A learned limit is forgotten after a while: what filled the ENI may have gone.
    void forgetRefusal(Instant now) {
        if (refusedAt != null && refusedAt.plus(REFUSAL_KEPT).isBefore(now)) {
            refusedAt = null;
            slots = slotsOfType();
            batchMax = Math.max(1, slots);
            learnSlots();
        }
    }

    /// There are as many slots as EC2 has filled, whatever we believed. A disputed block may be there no longer.
    void learnSlots() {
        long filled = blocks.values().stream()
                .filter(block -> block.state != Block.State.DISPUTED)
                .count();
        slots = Math.max(slots, (int) filled);
    }

    /// Whether nobody uses or used lately any of it.
    boolean isIdle() {
        return assigned == 0 && unsettled == 0 && notHere == 0;
    }

    /// Whether its last failure only means that the next request asks for less.
    boolean searchesItsLimit() {
        return backOff.lastFailure().stream().anyMatch(last -> last.error() == AllocationError.ADDRESS_LIMIT);
    }

    /// EC2 refused `count` more blocks for there being too many. The true limit lies below `blocks + count`; where
    /// below is found by halving.
    void refused(int count, Instant now) {
        refusedAt = now;
        slots = Math.min(slots, blocks.size() + count - 1);
        batchMax = Math.max(1, count / 2);
    }
}
