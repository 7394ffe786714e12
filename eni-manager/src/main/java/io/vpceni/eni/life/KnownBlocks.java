package io.vpceni.eni.life;

import io.vpceni.config.Cidr;
import io.vpceni.pool.Lag;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is known of the blocks of one ENI, so that a list which repeats known ones, or shows what has left, tells only
/// what is new. Mutable.
final class KnownBlocks {

    private final Set<Cidr> known = new HashSet<>();
    private final Map<Cidr, Instant> departed = new HashMap<>();
    private @Nullable Instant doubtSince;

    KnownBlocks(InetAddress primaryAddress, Collection<Cidr> blocks) {
        known.add(Cidr.containing(primaryAddress, primaryAddress.getAddress().length * Byte.SIZE));
        known.addAll(blocks);
    }

    /// Takes note of EC2's answer to an assign and gives back the blocks that are new, each once, in the order given.
    List<Cidr> assigned(Collection<Cidr> blocks) {
        List<Cidr> fresh = new ArrayList<>();
        for (Cidr block : blocks) {
            if (known.add(block)) {
                departed.remove(block);
                fresh.add(block);
            }
        }
        return List.copyOf(fresh);
    }

    /// Takes note of what EC2 lists and gives back the blocks that are new. One that left is not, as long as the list
    /// may be older than that.
    ///
    /// @param asked when the list was asked for
    List<Cidr> listed(Collection<Cidr> blocks, Instant asked) {
        departed.values().removeIf(at -> at.plus(Lag.MAX).isBefore(asked));
        if (doubtSince != null && doubtSince.plus(Lag.MAX).isBefore(asked)) {
            doubtSince = null;
        }
        return assigned(
                blocks.stream().filter(block -> !departed.containsKey(block)).toList());
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
