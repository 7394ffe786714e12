package io.vpceni.ipamd.observe;

import io.vpceni.pool.PoolSnapshot;
import java.util.concurrent.atomic.AtomicReference;

/// Whether an ADD could be served now. Starts as "starting", becomes the pool's word once ipamd serves.
public final class Readiness {
    /// @param reason a sentence for a person, in both cases
    public record Verdict(boolean ready, String reason) {}

    private final AtomicReference<String> startingReason = new AtomicReference<>("ipamd is starting");

    /// Says what start-up is at. "" ends start-up: from then on the pool decides.
    public void starting(String reason) {
        startingReason.set(reason);
    }

    /// @param pool the pool now
    public Verdict verdict(PoolSnapshot pool) {
        String starting = startingReason.get();
        if (!starting.isEmpty()) {
            return new Verdict(false, starting);
        }
        if (pool.assignable() > 0) {
            return new Verdict(true, pool.assignable() + " addresses can be given out");
        }
        String obstacle = pool.lastObstacle()
                .map(o -> "; the pool cannot grow: " + o.detail())
                .orElse(pool.pending() > 0 ? "; " + pool.pending() + " are on their way" : "");
        return new Verdict(false, "no address can be given out now" + obstacle);
    }

    /// The verdict while there is no pool yet.
    public Verdict withoutPool() {
        String starting = startingReason.get();
        return new Verdict(false, starting.isEmpty() ? "ipamd is stopping" : starting);
    }
}
