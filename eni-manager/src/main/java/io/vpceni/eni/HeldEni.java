package io.vpceni.eni;

import io.vpceni.config.Cidr;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/// What is known of the blocks of one ENI. Guarded by [#lock], which is held across a call to EC2: one change of
/// an ENI at a time, else an address could be told to two who asked.
final class HeldEni {

    /// A view of EC2's that is older than this is not believable; until then it may list what has left.
    static final Duration VIEW_AGE_MAX = Duration.ofMinutes(2);

    final ReentrantLock lock = new ReentrantLock();

    private final Set<Cidr> known = new HashSet<>();

    private final Map<Cidr, Instant> departed = new HashMap<>();

    private boolean doubtful;

    HeldEni(InetAddress primaryAddress, Collection<Cidr> blocks) {
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

    /// Takes note of what EC2 lists and gives back the blocks that are new. One that left lately is not: the list may
    /// be older than that.
    List<Cidr> listed(Collection<Cidr> blocks, Instant now) {
        departed.values().removeIf(at -> at.plus(VIEW_AGE_MAX).isBefore(now));
        return assigned(
                blocks.stream().filter(block -> !departed.containsKey(block)).toList());
    }

    /// Blocks that have left the ENI, or may have.
    void left(Collection<Cidr> blocks, Instant now) {
        for (Cidr block : blocks) {
            known.remove(block);
            departed.put(block, now);
        }
    }

    /// Whether an answer was lost since EC2 was last heard: what it did may still come to light.
    boolean isDoubtful() {
        return doubtful;
    }

    void doubtful(boolean now) {
        doubtful = now;
    }
}
