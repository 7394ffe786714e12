package io.vpceni.ipamd.observe;

import io.vpceni.pool.PoolSnapshot;
import java.util.concurrent.atomic.AtomicReference;

/// Whether an ADD could be served now. Starts as "starting", becomes the pool's word once ipamd serves.
public final class Readiness {
    /// @param reason a sentence for a person, in both cases
    public record Verdict(boolean ready, String reason) {}

    private final AtomicReference<String> startingReason = new AtomicReference<>("ipamd is starting");
    private final AtomicReference<String> obstacle = new AtomicReference<>("");
    private final AtomicReference<String> warning = new AtomicReference<>("");
    private final AtomicReference<String> unannounced = new AtomicReference<>("");

    /// Says what start-up is at. "" ends start-up: from then on the pool decides.
    public void starting(String reason) {
        startingReason.set(reason);
    }

    /// Says why no ADD can come in, whatever the pool has; "" when it can.
    public void obstructed(String reason) {
        obstacle.set(reason);
    }

    /// Says what keeps pods from working although their ADDs are served; "" when nothing is known. It makes nobody
    /// unready.
    public void warn(String text) {
        warning.set(text);
    }

    /// With what [#warn] said, for people.
    public Verdict warned(Verdict verdict) {
        String text = warning.get();
        return text.isEmpty() ? verdict : new Verdict(verdict.ready(), verdict.reason() + "; warning: " + text);
    }

    /// Says why the runtime could not be told of ipamd, so that no ADD comes; "" when it was.
    public void unannounced(String reason) {
        unannounced.set(reason);
    }

    /// Why no ADD can come in; "" when it can.
    public String obstacle() {
        return obstacle.get();
    }

    /// @param pool the pool now
    public Verdict verdict(PoolSnapshot pool) {
        String starting = startingReason.get();
        if (!starting.isEmpty()) {
            return new Verdict(false, starting);
        }
        if (!obstacle.get().isEmpty()) {
            return new Verdict(false, obstacle.get());
        }
        if (!unannounced.get().isEmpty()) {
            return new Verdict(false, unannounced.get());
        }
        if (pool.assignable() > 0) {
            return new Verdict(true, pool.assignable() + " addresses can be given out");
        }
        String growth = pool.lastObstacle()
                .map(o -> "; the pool cannot grow: " + o.detail())
                .orElse(pool.pending() > 0 ? "; " + pool.pending() + " are on their way" : "");
        return new Verdict(false, "no address can be given out now" + growth);
    }

    /// The verdict while there is no pool yet.
    public Verdict withoutPool() {
        String starting = startingReason.get();
        return new Verdict(false, starting.isEmpty() ? "ipamd is stopping" : starting);
    }
}
