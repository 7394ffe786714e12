package io.vpceni.lab.chaos;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// What is done again and again, each at its own pace. For one thread.
final class Intervals {
    private final LongSupplier nanoTime;
    private final Map<String, Long> last = new HashMap<>();

    Intervals(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /// Whether it is time for it; the first time it is.
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
