package io.vpceni.pool.policy;

import java.time.Duration;
import java.time.Instant;

/// What the pool has seen come and go. Written by the pool, read by policies; mutable, confined to the pool's owner.
/// Every method takes a bounded time and the memory is bounded.
public final class Traffic {

    private Instant latest = Instant.MIN;

    /// A sandbox asked for an address for the first time.
    public void arrived(Instant now) {
        latest = now;
    }

    /// A sandbox gave its address back.
    public void departed(Instant now) {
        latest = now;
    }

    /// Growth came through.
    ///
    /// @param took from the request to its answer
    public void refilled(Duration took, Instant now) {
        latest = now.minus(took);
    }

    /// The latest event.
    public Instant latest() {
        return latest;
    }
}
