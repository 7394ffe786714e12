package io.vpceni.lab.simulate.context;

import io.vpceni.pool.Effect;
import io.vpceni.pool.Message;
import java.time.Instant;

/// What every part of a simulated world shares: its time, its choices, its faults, and the record of what happened.
///
/// @param coverage counts what occurred
/// @param events the last things that happened
public record RunContext(SimulationClock clock, Choices choices, Faults faults, Coverage coverage, Events events) {

    public Instant now() {
        return clock.now();
    }

    public boolean isQuiescent() {
        return faults.isQuiescent();
    }

    /// Whether the fault occurs now. Counts it.
    public boolean occurs(SimulatedFault fault) {
        return faults.occurs(fault);
    }

    /// @param thing made into text only when somebody asks
    public void note(Object thing) {
        events.note(clock.now(), thing);
    }

    public void seen(Message message) {
        coverage.message(message);
        note(message);
    }

    public void seen(Effect effect) {
        coverage.effect(effect);
        note(effect);
    }
}
