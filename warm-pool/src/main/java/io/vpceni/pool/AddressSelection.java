package io.vpceni.pool;

import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/// Which block serves the next ADD, and how many addresses there are in which state.
///
/// Blocks and ENIs lie in sets that are sorted by what changes, so a block is taken out before it changes and put back
/// afterwards; sums are kept in the same two places.
final class AddressSelection {

    private final BlockKind preferredKind;
    private final NavigableSet<PooledEni> withPreferred = new TreeSet<>(PooledEni.FULLEST_FIRST);
    private final NavigableSet<PooledEni> withOthers = new TreeSet<>(PooledEni.FULLEST_FIRST);
    private final Totals totals = new Totals();

    AddressSelection(BlockKind preferredKind) {
        this.preferredKind = preferredKind;
    }

    /// The fullest block of the fullest ENI that has something free: of the preferred kind if there is one.
    Optional<Block> first() {
        if (!withPreferred.isEmpty()) {
            return Optional.of(withPreferred.first().preferred.first());
        }
        return withOthers.isEmpty()
                ? Optional.empty()
                : Optional.of(withOthers.first().others.first());
    }

    boolean prefers(Block block) {
        return block.kind == preferredKind;
    }

    Totals totals() {
        return totals;
    }

    /// A new block.
    void admit(Block block) {
        unseat(block.shelf);
        enter(block);
    }

    /// Takes a block and its ENI out of all that is sorted or summed up, so that they can change. [#enter] puts them
    /// back.
    void withdraw(Block block) {
        PooledEni shelf = block.shelf;
        unseat(shelf);
        shelf.preferred.remove(block);
        shelf.others.remove(block);
        shelf.idle.remove(block);
        totals.count(block, preferredKind, -1);
    }

    void enter(Block block) {
        PooledEni shelf = block.shelf;
        totals.count(block, preferredKind, 1);
        if (shelf.takesPods() && block.standing == Block.Standing.HERE && block.freeCount() > 0) {
            (prefers(block) ? shelf.preferred : shelf.others).add(block);
        }
        if (block.isIdle()) {
            shelf.idle.add(block);
        }
        seat(shelf);
    }

    /// Sorts the ENI in again.
    void seat(PooledEni shelf) {
        if (!shelf.preferred.isEmpty()) {
            withPreferred.add(shelf);
        }
        if (!shelf.others.isEmpty()) {
            withOthers.add(shelf);
        }
    }

    private void unseat(PooledEni shelf) {
        withPreferred.remove(shelf);
        withOthers.remove(shelf);
    }
}
