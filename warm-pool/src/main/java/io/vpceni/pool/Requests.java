package io.vpceni.pool;

import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// What was asked of EC2 and is not answered yet. Each request is answered once; an answer to any other request is an
/// unexpected answer.
final class Requests {

    /// A request that is pending.
    sealed interface Pending {
        Instant at();
    }

    record MoreBlocks(PooledEni eni, BlockKind kind, int count, Instant at) implements Pending {}

    record NewEni(int networkCard, BlockKind kind, int count, Instant at) implements Pending {}

    record Verification(PooledEni eni, Instant at) implements Pending {}

    record Return(PooledEni eni, List<Block> blocks, Instant at) implements Pending {}

    record Removal(PooledEni eni, Instant at) implements Pending {}

    private final NavigableMap<Long, Pending> pending = new TreeMap<>();
    private long next = 1;

    long open(Pending asked) {
        long request = next++;
        pending.put(request, asked);
        return request;
    }

    /// The request is not pending any more, however it ended. Empty when it was not.
    Optional<Pending> conclude(long request) {
        return Optional.ofNullable(pending.remove(request));
    }

    Iterable<Pending> pending() {
        return pending.values();
    }
}
