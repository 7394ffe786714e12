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
            return Optional.of(withPreferred.first().blocks().preferred().first());
        }
        return withOthers.isEmpty()
                ? Optional.empty()
                : Optional.of(withOthers.first().blocks().others().first());
    }

    boolean prefers(Block block) {
        return block.kind() == preferredKind;
    }

    Totals totals() {
        return totals;
    }

    /// A new block.
    void add(Block block) {
        sortOut(block.eni());
        putBack(block);
    }

    /// Takes a block and its ENI out of all that is sorted or summed up, so that they can change. [#putBack]
    /// puts them back.
    void takeOut(Block block) {
        PooledEni eni = block.eni();
        sortOut(eni);
        eni.blocks().sortOut(block);
        totals.count(block, preferredKind, -1);
    }

    void putBack(Block block) {
        PooledEni eni = block.eni();
        totals.count(block, preferredKind, 1);
        eni.blocks().sortIn(block, eni.takesPods(), prefers(block));
        sortIn(eni);
    }

    /// Sorts the ENI in again.
    void sortIn(PooledEni eni) {
        if (!eni.blocks().preferred().isEmpty()) {
            withPreferred.add(eni);
        }
        if (!eni.blocks().others().isEmpty()) {
            withOthers.add(eni);
        }
    }

    private void sortOut(PooledEni eni) {
        withPreferred.remove(eni);
        withOthers.remove(eni);
    }
}
