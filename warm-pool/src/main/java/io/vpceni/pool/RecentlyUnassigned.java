package io.vpceni.pool;

import io.vpceni.config.Cidr;
import java.time.Instant;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// Blocks that went back to EC2 so recently that its views may still list them. Kept for [Lag#TWICE].
final class RecentlyUnassigned {

    private final NavigableMap<Cidr, Instant> goneAt = new TreeMap<>();

    /// When the first may be forgotten: compared with the time on every message.
    private Instant nextEnd = Instant.MAX;

    void note(Cidr block, Instant at) {
        goneAt.merge(block, at, (a, b) -> a.isAfter(b) ? a : b);
        Instant end = at.plus(Lag.TWICE);
        nextEnd = end.isBefore(nextEnd) ? end : nextEnd;
    }

    /// Whether a view that was asked for then may list the block though it is gone.
    boolean mayBeStale(Cidr block, Instant asked) {
        return Optional.ofNullable(goneAt.get(block))
                .filter(gone -> !asked.isAfter(gone.plus(Lag.MAX)))
                .isPresent();
    }

    void forget(Instant now) {
        if (nextEnd.isAfter(now)) {
            return;
        }
        goneAt.values().removeIf(gone -> !gone.plus(Lag.TWICE).isAfter(now));
        nextEnd = goneAt.values().stream()
                .min(Instant::compareTo)
                .map(gone -> gone.plus(Lag.TWICE))
                .orElse(Instant.MAX);
    }
}
