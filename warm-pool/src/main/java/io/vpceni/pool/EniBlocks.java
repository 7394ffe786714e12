package io.vpceni.pool;

import io.vpceni.config.Cidr;
import java.util.Collection;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// The blocks of one ENI, sorted by what they can do, and how many addresses of theirs are in use.
final class EniBlocks {
    private final NavigableMap<Cidr, Block> blocks = new TreeMap<>();
    private final NavigableSet<Block> preferred = new TreeSet<>(Block.FULLEST_FIRST);
    private final NavigableSet<Block> others = new TreeSet<>(Block.FULLEST_FIRST);
    private final NavigableSet<Block> idle = new TreeSet<>(Block.BY_NUMBER);
    private int assigned;
    private int coolingOrUnknown;
    private int inactive;

    Collection<Block> all() {
        return Collections.unmodifiableCollection(blocks.values());
    }

    Collection<Cidr> cidrs() {
        return Collections.unmodifiableCollection(blocks.keySet());
    }

    Optional<Block> get(Cidr cidr) {
        return Optional.ofNullable(blocks.get(cidr));
    }

    boolean isEmpty() {
        return blocks.isEmpty();
    }

    int count() {
        return blocks.size();
    }

    /// Those of them that are not disputed: a disputed one may be gone.
    int undisputed() {
        return (int) blocks.values().stream()
                .filter(block -> !(block.state() instanceof BlockState.Disputed))
                .count();
    }

    /// Addresses of all, where they are of one kind.
    long addresses() {
        return blocks.isEmpty()
                ? 0
                : blocks.size() * blocks.firstEntry().getValue().kind().addresses();
    }

    void add(Block block) {
        blocks.put(block.cidr(), block);
    }

    void remove(Block block) {
        blocks.remove(block.cidr());
    }

    /// Sorts a block in by what it can do now.
    ///
    /// @param serves whether its ENI takes pods
    /// @param isPreferred whether it is of the kind that the mode prefers
    void sortIn(Block block, boolean serves, boolean isPreferred) {
        if (serves && block.isActive() && block.freeCount() > 0) {
            (isPreferred ? preferred : others).add(block);
        }
        if (block.isIdle()) {
            idle.add(block);
        }
    }

    /// Takes a block out of what is sorted, so that it can change.
    void sortOut(Block block) {
        preferred.remove(block);
        others.remove(block);
        idle.remove(block);
    }

    /// Blocks of the kind that the mode prefers which can serve an ADD, the fullest first.
    NavigableSet<Block> preferred() {
        return Collections.unmodifiableNavigableSet(preferred);
    }

    /// Blocks of another kind which can serve an ADD, the fullest first.
    NavigableSet<Block> others() {
        return Collections.unmodifiableNavigableSet(others);
    }

    /// Blocks all of whose addresses are free.
    NavigableSet<Block> idle() {
        return Collections.unmodifiableNavigableSet(idle);
    }

    /// Counts what a block has, or with a sign of -1 counts it no more.
    void count(Block block, int sign) {
        assigned += sign * block.assigned();
        coolingOrUnknown += sign * (block.cooling() + block.unknownHolders());
        inactive += block.isActive() ? 0 : sign;
    }

    /// Sandboxes that have an address of these blocks, disputed ones included.
    int assigned() {
        return assigned;
    }

    /// Whether all are active and all their addresses are free.
    boolean isIdle() {
        return assigned == 0 && coolingOrUnknown == 0 && inactive == 0;
    }
}
