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
    static final Comparator<PooledEni> FULLEST_FIRST = Comparator.comparingInt((PooledEni shelf) -> -shelf.assigned)
            .thenComparing(shelf -> !shelf.eni.primary())
            .thenComparing(shelf -> shelf.eni.id());

    /// The order in which ENIs are filled: as they are plugged, then by id.
    static final Comparator<PooledEni> AS_PLUGGED = Comparator.comparingInt(
                    (PooledEni shelf) -> shelf.eni.networkCard())
            .thenComparingInt(shelf -> shelf.eni.deviceIndex())
            .thenComparing(shelf -> shelf.eni.id());

    static final Duration REFUSAL_KEPT = Duration.ofMinutes(10);

    final Eni eni;

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
    boolean goingWhole;

    /// Whether EC2 was asked to take it away.
    boolean removing;

    /// It has no block and is to go: when it may be verified.
    @Nullable
    Instant emptyGoesAt;

    /// As EC2 has it, or less once EC2 has refused more.
    int slots;

    private @Nullable Instant refusedAt;

    /// The most blocks to ask for in one call: less than the room once EC2 has refused that.
    int askMax;

    /// The first view of EC2 that lacked the whole ENI; null when the last one listed it.
    @Nullable
    Instant missingSince;

    /// Whether EC2 has detached it from this node: it takes no place, and pods with an address of it are cut off.
    boolean detached;

    PooledEni(Eni eni, Instant now) {
        this.eni = eni;
        this.role = eni.role();
        this.arrivedAt = now;
        this.slots = eni.slots();
        this.askMax = Math.max(1, slots);
    }

    Eni asNow() {
        return new Eni(eni.id(), eni.networkCard(), eni.deviceIndex(), eni.primary(), eni.slots(), role);
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
            slots = eni.slots();
            askMax = Math.max(1, slots);
            learnSlots();
        }
    }

    /// There are as many slots as EC2 has filled, whatever we believed. A disputed block may be there no longer.
    void learnSlots() {
        long filled = blocks.values().stream()
                .filter(block -> block.standing != Block.Standing.DISPUTED)
                .count();
        slots = Math.max(slots, (int) filled);
    }

    /// Whether nobody uses or used lately any of it.
    boolean isIdle() {
        return assigned == 0 && unsettled == 0 && notHere == 0;
    }

    /// Whether its last failure only means that the next request asks for less.
    boolean searchesItsLimit() {
        return backOff.obstacle().stream().anyMatch(last -> last.obstacle() == AllocationError.ADDRESS_LIMIT);
    }

    /// EC2 refused `count` more blocks for there being too many. The true limit lies below `blocks + count`; where
    /// below is found by halving.
    void refused(int count, Instant now) {
        refusedAt = now;
        slots = Math.min(slots, blocks.size() + count - 1);
        askMax = Math.max(1, count / 2);
    }
}
