package io.vpceni.lab.simulate.incident;

import io.vpceni.lab.simulate.check.Invariant;
import io.vpceni.lab.simulate.check.Violation;
import io.vpceni.lab.simulate.context.WorldParameters;
import io.vpceni.lab.simulate.port.Mutant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// An incident of another project as a sequence of events.
///
/// @param name its number upstream
/// @param title what happened there
/// @param parameters the node
/// @param breaks the invariant that the planted rule breaks
/// @param rule what the planted rule does, as the other project did
/// @param planted makes the planted rule
/// @param script the events
public record Incident(
        String name,
        String title,
        WorldParameters parameters,
        Invariant breaks,
        String rule,
        Supplier<Mutant> planted,
        Consumer<IncidentWorld> script) {

    /// @return what broke; empty when all came out right
    public Optional<Violation> play(Mutant mutant) {
        try {
            script.accept(new IncidentWorld(parameters, mutant));
            return Optional.empty();
        } catch (Violation violation) {
            return Optional.of(violation);
        }
    }
}
