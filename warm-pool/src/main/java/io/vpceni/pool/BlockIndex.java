package io.vpceni.pool;

import io.vpceni.config.Cidr;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// The node's ENIs by id and their blocks by range.
final class BlockIndex {
    private final NavigableMap<EniId, PooledEni> enis = new TreeMap<>();
    private final NavigableMap<Cidr, Block> blocks = new TreeMap<>();

    /// Adds the ENI; one that is known stays as it is.
    PooledEni add(Eni eni, Instant now) {
        return enis.computeIfAbsent(eni.id(), id -> new PooledEni(eni, now));
    }

    /// @throws IllegalStateException when it still has blocks
    void remove(PooledEni eni) {
        if (!eni.blocks().isEmpty()) {
            throw new IllegalStateException(
                    "cannot remove " + eni.id() + ": it has " + eni.blocks().count() + " blocks");
        }
        enis.remove(eni.id());
    }

    /// @throws IllegalStateException when it is here already
    void insert(Block block) {
        if (blocks.putIfAbsent(block.cidr(), block) != null) {
            throw new IllegalStateException(block.cidr() + " is in the pool already");
        }
        block.eni().blocks().add(block);
    }

    void remove(Block block) {
        blocks.remove(block.cidr());
        block.eni().blocks().remove(block);
    }

    /// The block that an address is in.
    Optional<Block> blockOf(InetAddress address) {
        for (BlockKind kind : BlockKind.values()) {
            if (kind.prefixBits() <= 8 * address.getAddress().length) {
                Block block = blocks.get(Cidr.containing(address, kind.prefixBits()));
                if (block != null) {
                    return Optional.of(block);
                }
            }
        }
        return Optional.empty();
    }

    /// Blocks that lie in that range.
    List<Block> inside(Cidr range) {
        return blocks.tailMap(range, true).values().stream()
                .takeWhile(block -> range.contains(block.cidr().network()))
                .toList();
    }

    Optional<Block> block(Cidr cidr) {
        return Optional.ofNullable(blocks.get(cidr));
    }

    /// Whether the block is here still.
    boolean has(Block block) {
        return blocks.get(block.cidr()) == block;
    }

    Optional<PooledEni> eni(EniId id) {
        return Optional.ofNullable(enis.get(id));
    }

    Collection<PooledEni> enis() {
        return Collections.unmodifiableCollection(enis.values());
    }

    Collection<Block> blocks() {
        return Collections.unmodifiableCollection(blocks.values());
    }

    /// ENIs in the order in which they are filled.
    List<PooledEni> enisByDeviceIndex() {
        return enis.values().stream().sorted(PooledEni.BY_DEVICE_INDEX).toList();
    }
}
