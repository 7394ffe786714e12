package io.vpceni.lab.simulate;

import io.vpceni.pool.Effect;
import io.vpceni.pool.Message;
import java.time.Instant;

/// What every part of a simulated world shares: its time, its choices, its faults, and the record of what happened.
///
/// @param coverage counts what occurred
/// @param events the last things that happened
record RunContext(SimulationClock clock, Choices choices, Faults faults, Coverage coverage, Events events) {

    Instant now() {
        return clock.now();
    }

    boolean isCalm() {
        return faults.isCalm();
    }

    /// Whether the fault occurs now. Counts it.
    boolean occurs(SimulatedFault fault) {
        return faults.occurs(fault);
    }

    /// @param thing made into text only when somebody asks
    void note(Object thing) {
        events.note(clock.now(), thing);
    }

    void seen(Message message) {
        coverage.message(message);
        note(message);
    }

    void seen(Effect effect) {
        coverage.effect(effect);
        note(effect);
    }
}
