package io.vpceni.lab.simulate.run;

import io.vpceni.lab.simulate.check.Invariant;
import io.vpceni.lab.simulate.mutant.NamedMutant;
import java.util.Optional;

/// The proof that a mutant is caught by the invariant that it breaks.
public final class MutantProof {
    /// Each must be caught within so many steps.
    public static final long STEPS_MAX = 200_000;

    private static final long SEED = 2;

    /// In one run a fault may not show, or break something else first.
    private static final int SEEDS = 8;

    /// What became of one.
    ///
    /// @param caught by what
    /// @param step of the run at which it was caught; 0 when it was not
    public record Outcome(NamedMutant mutant, Optional<Invariant> caught, long step, String text) {
        public boolean asExpected() {
            return caught.filter(mutant.breaks()::equals).isPresent();
        }
    }

    private MutantProof() {}

    /// Plants it until it is caught by what it breaks, in one run after the other.
    public static Outcome prove(NamedMutant mutant) {
        Outcome outcome = prove(mutant, SEED);
        for (long seed = SEED + 1; seed < SEED + SEEDS && !outcome.asExpected(); seed++) {
            outcome = prove(mutant, seed);
        }
        return outcome;
    }

    private static Outcome prove(NamedMutant mutant, long seed) {
        Simulation.Result result = Simulation.run(seed, STEPS_MAX, mutant.maker(), false);
        return new Outcome(
                mutant,
                result.broken().map(broken -> broken.first().invariant()),
                result.broken().map(Simulation.Broken::step).orElse(0L),
                result.broken().map(broken -> broken.first().text()).orElse("not caught"));
    }
}
