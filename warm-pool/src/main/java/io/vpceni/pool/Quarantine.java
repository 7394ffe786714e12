package io.vpceni.pool;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Blocks and ENIs that are to go back to EC2 when they were verified, in the order in which that is due.
final class Quarantine {

    /// How long a block stays in quarantine before it is verified: a pod that comes meanwhile costs no call.
    static final Duration TIME = Duration.ofSeconds(30);

    /// A block by the time when it is due. The block's own time may have changed since.
    private record Entry(Instant verifyAt, Block block) {

        /// Whether the block is in quarantine still, and nothing has changed its time since.
        boolean isCurrent() {
            return block.quarantine()
                    .filter(quarantined -> quarantined.verifyAt().equals(verifyAt))
                    .isPresent();
        }
    }

    private final AddressBook book;
    private final BlockIndex index;
    private final NavigableSet<Entry> entries =
            new TreeSet<>(Comparator.comparing(Entry::verifyAt).thenComparing(Entry::block, Block.BY_NUMBER));

    Quarantine(AddressBook book, BlockIndex index) {
        this.book = book;
        this.index = index;
    }

    /// The block is not needed: it goes back unless an ADD needs it first.
    void add(Block block, Instant now) {
        add(block, now.plus(TIME), now);
    }

    /// The block is not needed and is verified at another time. One that was unverified still is.
    void add(Block block, Instant verifyAt, Instant now) {
        put(block, verifyAt, block.isUnverified(), now);
    }

    /// EC2 may have taken the block back already: it is not used before a view of EC2 that is newer than
    /// `since` lists it.
    void addUnverified(Block block, Instant since, Instant now) {
        Instant provable = since.plus(Lag.MAX);
        put(block, provable.isAfter(now) ? provable : now, true, now);
    }

    private void put(Block block, Instant verifyAt, boolean unverified, Instant now) {
        remove(block);
        book.quarantine(block, verifyAt, unverified, now);
        entries.add(new Entry(verifyAt, block));
    }

    /// A block in quarantine is verified at another time; nothing happens to any other.
    void verifyAt(Block block, Instant at) {
        if (block.quarantine().isPresent()) {
            remove(block);
            block.verifyAt(at);
            entries.add(new Entry(at, block));
        }
    }

    /// The block serves pods again.
    ///
    /// @throws IllegalStateException when it is not in quarantine
    void end(Block block, Instant now) {
        remove(block);
        book.activate(block, now);
    }

    /// The block is about to be given back.
    void remove(Block block) {
        block.quarantine().ifPresent(quarantined -> entries.remove(new Entry(quarantined.verifyAt(), block)));
    }

    /// Takes blocks out of quarantine again because they are needed.
    ///
    /// @return whether there was any
    boolean reclaim(long addresses, Instant now) {
        index.enis().stream()
                .filter(eni -> eni.verifyAt().isPresent() && !eni.isBusy())
                .forEach(PooledEni::cancelRemoval);
        long left = addresses;
        if (book.totals().quarantined() == 0) {
            return false;
        }
        for (Block block : blocks()) {
            if (left > 0 && block.isReclaimable()) {
                left -= reclaim(block, now);
            }
        }
        return left < addresses;
    }

    /// Takes the block out of quarantine, and the whole ENI's when that was to go.
    ///
    /// @return how many addresses serve again
    long reclaim(Block block, Instant now) {
        PooledEni eni = block.eni();
        if (!eni.activity().isRemoval()) {
            end(block, now);
            return block.kind().addresses();
        }
        eni.cancelRemoval();
        long reclaimed = 0;
        for (Block together : List.copyOf(eni.blocks().all())) {
            if (together.isReclaimable()) {
                end(together, now);
                reclaimed += together.kind().addresses();
            }
        }
        return reclaimed;
    }

    /// ENIs of which something is due to be verified, and about which no request is pending.
    List<PooledEni> due(Instant now) {
        index.enis().stream()
                .filter(eni -> eni.verifyAt().isPresent() && !eni.blocks().isEmpty())
                .forEach(PooledEni::cancelRemoval); // it is not empty any more
        entries.removeIf(entry -> !entry.isCurrent()); // disputed meanwhile, or gone
        Stream<PooledEni> empty = index.enis().stream()
                .filter(eni -> eni.verifyAt().filter(at -> !at.isAfter(now)).isPresent());
        Stream<PooledEni> withBlocks = entries.stream()
                .takeWhile(entry -> !entry.verifyAt().isAfter(now))
                .map(entry -> entry.block().eni());
        return Stream.concat(empty, withBlocks)
                .distinct()
                .filter(eni -> !eni.isBusy())
                .toList();
    }

    private List<Block> blocks() {
        return entries.stream().map(Entry::block).toList();
    }

    /// When something can be verified. What belongs to an ENI with a pending request is verified when that is
    /// answered.
    Optional<Instant> nextDue() {
        Optional<Instant> blocks = entries.stream()
                .filter(entry -> entry.isCurrent() && !entry.block().eni().isBusy())
                .findFirst()
                .map(Entry::verifyAt);
        Stream<Instant> empty =
                index.enis().stream().filter(eni -> !eni.isBusy()).flatMap(eni -> eni.verifyAt().stream());
        return Stream.concat(empty, blocks.stream()).min(Comparator.naturalOrder());
    }
}
