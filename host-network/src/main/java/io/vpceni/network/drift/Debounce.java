package io.vpceni.network.drift;

import java.time.Duration;

/// When to check: a while after the last of a burst of changes, and not too long after the first. Times are
/// nanoseconds of one clock.
final class Debounce {

    /// A flush of 300 rules is over within 10 ms. A program that deletes an object and adds it again is done
    /// in this time.
    static final Duration QUIET = Duration.ofMillis(30);

    static final Duration LONGEST = Duration.ofMillis(200);

    /// Without any event: for changes without an event.
    static final Duration SAFETY = Duration.ofSeconds(30);

    private boolean dirty;
    private long first;
    private long last;
    private long looked;
    private long again = Long.MAX_VALUE;

    Debounce(long now) {
        this.looked = now;
    }

    /// Something changed.
    void changed(long now) {
        if (!dirty) {
            dirty = true;
            first = now;
        }
        last = now;
    }

    /// Something must be done at that time that cannot be done now.
    void againAt(long when) {
        again = Math.min(again, when);
    }

    /// A check begins: later changes need another one.
    void looks(long now) {
        dirty = false;
        looked = now;
        again = Long.MAX_VALUE;
    }

    /// How long to wait for further changes. Zero: check now.
    Duration untilLook(long now) {
        long due = Math.min(looked + SAFETY.toNanos(), again);
        if (dirty) {
            due = Math.min(due, Math.min(last + QUIET.toNanos(), first + LONGEST.toNanos()));
        }
        return Duration.ofNanos(Math.max(0, due - now));
    }
}
