package io.vpceni.eni.lifecycle;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/// Things to be done later, in order of their time; those of one moment in the order in which they came. Mutable.
final class Timers {

    private record Timer(Instant at, long number, DelayedOperation operation) {}

    private final PriorityQueue<Timer> waiting =
            new PriorityQueue<>(Comparator.comparing(Timer::at).thenComparingLong(Timer::number));

    private long next;

    void at(Instant at, DelayedOperation operation) {
        waiting.add(new Timer(at, next, operation));
        next++;
    }

    /// Takes out what is due. What is added later for the same moment waits for the next round.
    List<DelayedOperation> due(Instant now) {
        List<DelayedOperation> due = new ArrayList<>();
        while (!waiting.isEmpty() && !waiting.peek().at().isAfter(now)) {
            due.add(waiting.remove().operation());
        }
        return due;
    }

    Optional<Instant> nextAt() {
        return Optional.ofNullable(waiting.peek()).map(Timer::at);
    }
}
