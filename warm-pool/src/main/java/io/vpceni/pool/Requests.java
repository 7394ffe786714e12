package io.vpceni.pool;

import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// What was asked of EC2 and is not answered. Each request concludes once; an answer to any other is a contradiction.
final class Requests {

    /// A request that is under way.
    sealed interface Asked {
        Instant at();
    }

    record MoreBlocks(PooledEni shelf, BlockKind kind, int count, Instant at) implements Asked {}

    record NewEni(int networkCard, BlockKind kind, int count, Instant at) implements Asked {}

    record Look(PooledEni shelf, Instant at) implements Asked {}

    record Return(PooledEni shelf, List<Block> blocks, Instant at) implements Asked {}

    record Removal(PooledEni shelf, Instant at) implements Asked {}

    private final NavigableMap<Long, Asked> underWay = new TreeMap<>();
    private long next = 1;

    long open(Asked asked) {
        long request = next++;
        underWay.put(request, asked);
        return request;
    }

    /// The request is not under way any more, however it ended. Empty when it was not.
    Optional<Asked> conclude(long request) {
        return Optional.ofNullable(underWay.remove(request));
    }

    Iterable<Asked> underWay() {
        return underWay.values();
    }
}
