package io.vpceni.eni.lifecycle;

import io.vpceni.config.Cidr;
import io.vpceni.pool.Lag;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is known of the blocks of one ENI, so that a list which repeats known ones, or shows what has left, tells only
/// what is new. Mutable.
///
/// What EC2 assigns is always new. A list may be as old as [Lag#MAX]: it tells of a block only what was so long ago.
final class KnownBlocks {

    private final Cidr primary;

    /// Since when.
    private final Map<Cidr, Instant> known = new HashMap<>();

    private final Map<Cidr, Instant> departed = new HashMap<>();
    private @Nullable Instant doubtSince;

    KnownBlocks(InetAddress primaryAddress, Collection<Cidr> blocks, Instant now) {
        primary = Cidr.containing(primaryAddress, primaryAddress.getAddress().length * Byte.SIZE);
        blocks.forEach(block -> known.put(block, now));
    }

    /// Takes note of EC2's answer to an assign and gives back its blocks, each once, in the order given. A
    /// block that was thought to be here had gone meanwhile. The ENI's own address is not one.
    List<Cidr> assigned(Collection<Cidr> blocks, Instant now) {
        Set<Cidr> given = new LinkedHashSet<>(blocks);
        given.remove(primary);
        for (Cidr block : given) {
            known.put(block, now);
            departed.remove(block);
        }
        return List.copyOf(given);
    }

    /// Takes note of what EC2 lists and gives back the blocks that are new. One that left is not, as long as
    /// the list may be older than that.
    ///
    /// @param asked when the list was asked for
    List<Cidr> listed(Collection<Cidr> blocks, Instant asked, Instant now) {
        lacked(blocks, asked, now);
        departed.values().removeIf(at -> at.plus(Lag.MAX).isBefore(asked));
        if (doubtSince != null && doubtSince.plus(Lag.MAX).isBefore(asked)) {
            doubtSince = null;
        }
        return assigned(
                blocks.stream()
                        .filter(block -> !departed.containsKey(block) && !known.containsKey(block))
                        .toList(),
                now);
    }

    /// Forgets what a list lacks that must show it.
    ///
    /// @param asked when the list was asked for
    void lacked(Collection<Cidr> blocks, Instant asked, Instant now) {
        Set<Cidr> there = Set.copyOf(blocks);
        left(
                known.entrySet().stream()
                        .filter(block -> block.getValue().plus(Lag.MAX).isBefore(asked))
                        .map(Map.Entry::getKey)
                        .filter(block -> !there.contains(block))
                        .toList(),
                now);
    }

    /// Blocks that have left the ENI, or may have.
    void left(Collection<Cidr> blocks, Instant now) {
        departed.values().removeIf(at -> at.plus(Lag.MAX.multipliedBy(2)).isBefore(now));
        for (Cidr block : blocks) {
            known.remove(block);
            departed.put(block, now);
        }
    }

    /// An answer was lost: what it did may still come to light.
    void doubt(Instant now) {
        doubtSince = now;
    }

    boolean isDoubtful() {
        return doubtSince != null;
    }
}
