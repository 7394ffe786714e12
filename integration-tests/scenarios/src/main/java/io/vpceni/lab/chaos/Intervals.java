package io.vpceni.lab.chaos;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// Periodic actions, each with its own interval. For one thread.
final class Intervals {
    private final LongSupplier nanoTime;
    private final Map<String, Long> last = new HashMap<>();

    Intervals(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /// Whether the action is due; the first time it is.
    boolean isDue(String what, Duration every) {
        long now = nanoTime.getAsLong();
        Long before = last.get(what);
        if (before != null && now - before < every.toNanos()) {
            return false;
        }
        last.put(what, now);
        return true;
    }
}
