package io.vpceni.lab.simulate;

import java.time.Duration;
import java.time.Instant;

/// Simulated time. It never goes back.
final class SimulationClock {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private Instant now = START;

    Instant now() {
        return now;
    }

    void advance(Duration duration) {
        now = now.plus(duration);
    }

    /// Goes on to that moment, if it lies ahead.
    void advanceTo(Instant moment) {
        now = now.isBefore(moment) ? moment : now;
    }
}
