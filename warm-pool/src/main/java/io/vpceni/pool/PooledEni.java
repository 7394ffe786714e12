package io.vpceni.pool;

import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One ENI, its blocks and its counts. Mutable; confined to the pool.
final class PooledEni {

    /// Dense placement: the ENI with most sandboxes first, so that others come free as a whole. Among equals the
    /// primary one, for that never goes away; then by id.
    static final Comparator<PooledEni> FULLEST_FIRST = Comparator.comparingInt((PooledEni eni) -> -eni.assigned())
            .thenComparing(eni -> !eni.primary())
            .thenComparing(PooledEni::id);

    /// The order in which ENIs are filled: by network card and device index, then by id.
    static final Comparator<PooledEni> BY_DEVICE_INDEX = Comparator.comparingInt(PooledEni::networkCard)
            .thenComparingInt(PooledEni::deviceIndex)
            .thenComparing(PooledEni::id);

    private final Eni attached;
    private final Instant arrivedAt;
    private final EniBlocks blocks = new EniBlocks();
    private final EniCapacity capacity;
    private final GrowthBackoff growing = new GrowthBackoff();
    private final GrowthBackoff returning = new GrowthBackoff();
    private EniRole role;
    private EniActivity activity = new EniActivity.Idle();
    private int unknownBlocks;
    private @Nullable Instant missingSince;
    private boolean detached;

    PooledEni(Eni eni, Instant now) {
        this.attached = eni;
        this.role = eni.role();
        this.arrivedAt = now;
        this.capacity = new EniCapacity(eni.slots());
    }

    EniId id() {
        return attached.id();
    }

    boolean primary() {
        return attached.primary();
    }

    int networkCard() {
        return attached.slot().networkCard();
    }

    int deviceIndex() {
        return attached.slot().deviceIndex();
    }

    /// Blocks that an ENI of this instance type has room for.
    int slotsOfType() {
        return attached.slots();
    }

    /// As EC2 attached it, with the role that it has now.
    Eni asNow() {
        return new Eni(id(), attached.slot(), primary(), slotsOfType(), role);
    }

    Instant arrivedAt() {
        return arrivedAt;
    }

    EniRole role() {
        return role;
    }

    void role(EniRole now) {
        role = now;
    }

    boolean takesPods() {
        return role == EniRole.PODS;
    }

    /// Back-off of requests for more blocks on it.
    GrowthBackoff growing() {
        return growing;
    }

    /// Back-off of requests to take something of it back.
    GrowthBackoff returning() {
        return returning;
    }

    EniBlocks blocks() {
        return blocks;
    }

    EniCapacity capacity() {
        return capacity;
    }

    /// Sandboxes on it, disputed ones included.
    int assigned() {
        return blocks.assigned();
    }

    /// Whether all its addresses are free and all its blocks active.
    boolean isIdle() {
        return blocks.isIdle();
    }

    // What goes on with it.

    EniActivity activity() {
        return activity;
    }

    /// Whether a request about it is pending.
    boolean isBusy() {
        return activity.isPending();
    }

    /// Blocks that were asked for on it and are not here yet.
    int pendingBlocks() {
        return activity instanceof EniActivity.Growing(int count) ? count : 0;
    }

    /// When it is to be verified, of an ENI without blocks that is to be removed.
    Optional<Instant> verifyAt() {
        return activity.plannedRemoval().flatMap(EniActivity.RemovalPlanned::verifyAt);
    }

    /// EC2 is asked for more blocks on it.
    ///
    /// @throws IllegalStateException when anything else goes on
    void startGrowing(int count) {
        become(new EniActivity.Growing(count), activity instanceof EniActivity.Idle);
    }

    /// It is to be removed.
    ///
    /// @param verifyAt of an ENI without blocks
    /// @throws IllegalStateException when a request about it is pending, or it is the primary one
    void planRemoval(Optional<Instant> verifyAt) {
        become(new EniActivity.RemovalPlanned(verifyAt), !isBusy() && !primary());
    }

    /// It is not to be removed as a whole any more.
    ///
    /// @throws IllegalStateException when EC2 was asked to remove it
    void cancelRemoval() {
        activity = switch (activity) {
            case EniActivity.RemovalPlanned _ -> new EniActivity.Idle();
            case EniActivity.Verifying _ -> new EniActivity.Verifying(Optional.empty());
            case EniActivity.Removing _ -> throw illegal("keep");
            case EniActivity.Idle _, EniActivity.Growing _, EniActivity.Returning _ -> activity;
        };
    }

    /// EC2 and the kernel are asked about it.
    ///
    /// @throws IllegalStateException when a request about it is pending
    void startVerifying() {
        become(new EniActivity.Verifying(activity.plannedRemoval()), !isBusy());
    }

    /// EC2 is asked to take blocks of it back.
    ///
    /// @throws IllegalStateException when anything else goes on
    void startReturning() {
        become(new EniActivity.Returning(), activity instanceof EniActivity.Idle);
    }

    /// EC2 is asked to remove it.
    ///
    /// @throws IllegalStateException when a request about it is pending, or it is the primary one
    void startRemoving() {
        become(new EniActivity.Removing(), !isBusy() && !primary());
    }

    /// The pending request about it is answered. An ENI that was to be removed still is, until [#cancelRemoval].
    ///
    /// @throws IllegalStateException when none is pending
    void answered() {
        activity = switch (activity) {
            case EniActivity.Growing _, EniActivity.Returning _ -> new EniActivity.Idle();
            case EniActivity.Verifying(Optional<EniActivity.RemovalPlanned> removal) ->
                removal.<EniActivity>map(planned -> planned).orElseGet(EniActivity.Idle::new);
            case EniActivity.Removing _ -> new EniActivity.RemovalPlanned(Optional.empty());
            case EniActivity.Idle _, EniActivity.RemovalPlanned _ -> throw illegal("conclude a request about");
        };
    }

    private void become(EniActivity next, boolean legal) {
        if (!legal) {
            throw illegal("start " + next + " on");
        }
        activity = next;
    }

    private IllegalStateException illegal(String what) {
        return new IllegalStateException("cannot " + what + " " + id() + ": " + activity + " goes on"
                + (primary() ? ", and it is the primary ENI" : ""));
    }

    // What EC2's views show.

    /// A view of EC2 lists it as attached.
    void listed(Instant now) {
        missingSince = null;
        detached = false;
        if (capacity.forgetRefusal(now)) {
            learnSlots();
        }
    }

    /// A view of EC2 does not list it as attached.
    ///
    /// @return whether an earlier view, more than [Lag#MAX] before, did not either
    boolean missing(Instant asked) {
        if (missingSince == null) {
            missingSince = asked;
        }
        return asked.isAfter(missingSince.plus(Lag.MAX));
    }

    /// EC2 has detached it from this node: it takes no place, and pods with an address of it are cut off.
    void detach() {
        detached = true;
    }

    boolean isDetached() {
        return detached;
    }

    /// Blocks that EC2 lists on it and the pool does not know: they take slots, too.
    void unknownBlocks(int count) {
        unknownBlocks = count;
    }

    int unknownBlocks() {
        return unknownBlocks;
    }

    // How much it holds.

    /// Blocks that may still be asked for.
    int room() {
        return takesPods() && !detached
                ? Math.max(0, capacity.slots() - blocks.count() - pendingBlocks() - unknownBlocks)
                : 0;
    }

    /// There are as many slots as EC2 has filled. A disputed block may be there no longer.
    void learnSlots() {
        capacity.filled(blocks.undisputed());
    }

    /// Whether its last failure only means that the next request asks for less.
    boolean searchesItsLimit() {
        return growing.lastFailure().stream().anyMatch(last -> last.error() == AllocationError.ADDRESS_LIMIT);
    }

    /// EC2 refused so many more blocks for there being too many.
    void refused(int count, Instant now) {
        capacity.refused(blocks.count(), count, now);
    }
}
