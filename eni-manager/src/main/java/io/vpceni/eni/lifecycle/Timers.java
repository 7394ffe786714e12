package io.vpceni.eni.lifecycle;

import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/// Things to be done later, in order of their time; those of one moment in the order in which they came. Mutable.
final class Timers {

    private record Timer(Instant at, long number, Consumer<Instant> then) {}

    private final PriorityQueue<Timer> waiting =
            new PriorityQueue<>(Comparator.comparing(Timer::at).thenComparingLong(Timer::number));

    private long next;

    void at(Instant at, Consumer<Instant> then) {
        waiting.add(new Timer(at, next, then));
        next++;
    }

    /// Does what is due. What is added meanwhile for the same moment waits for the next round.
    void run(Instant now) {
        long until = next;
        while (!waiting.isEmpty()
                && !waiting.peek().at().isAfter(now)
                && waiting.peek().number() < until) {
            waiting.remove().then().accept(now);
        }
    }

    Optional<Instant> nextAt() {
        return Optional.ofNullable(waiting.peek()).map(Timer::at);
    }
}
