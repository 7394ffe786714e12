package io.vpceni.lab.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/// Simulated time: what is to happen, in its order. What is due at the same instant happens in the order in which it
/// was put in.
final class Timeline {

    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private record Entry(Instant at, long order, Runnable what) {}

    private final PriorityQueue<Entry> entries =
            new PriorityQueue<>(Comparator.comparing(Entry::at).thenComparingLong(Entry::order));
    private Instant now = START;
    private long order;

    Instant now() {
        return now;
    }

    Duration elapsed() {
        return Duration.between(START, now);
    }

    void at(Instant when, Runnable what) {
        entries.add(new Entry(when.isBefore(now) ? now : when, order++, what));
    }

    void in(Duration delay, Runnable what) {
        at(now.plus(delay), what);
    }

    /// Lets the next thing happen.
    ///
    /// @return whether there was one before that instant; time stays where it is otherwise
    boolean step(Instant end) {
        Entry next = entries.peek();
        if (next == null || !next.at().isBefore(end)) {
            return false;
        }
        entries.remove();
        now = next.at();
        next.what().run();
        return true;
    }
}
