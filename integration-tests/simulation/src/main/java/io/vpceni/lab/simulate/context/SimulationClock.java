package io.vpceni.lab.simulate.context;

import java.time.Duration;
import java.time.Instant;

/// Simulated time. It never goes back.
public final class SimulationClock {
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private Instant now = START;

    public Instant now() {
        return now;
    }

    public void advance(Duration duration) {
        now = now.plus(duration);
    }

    /// Goes on to that moment, if it lies ahead.
    public void advanceTo(Instant moment) {
        now = now.isBefore(moment) ? moment : now;
    }
}
