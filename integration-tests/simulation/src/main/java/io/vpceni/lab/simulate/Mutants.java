package io.vpceni.lab.simulate;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// All mutants by name.
final class Mutants {
    /// Each must be caught within so many steps.
    static final long STEPS_MAX = 200_000;

    private static final long SEED = 2;

    /// In one history a fault may not show, or break something else first.
    private static final int SEEDS = 5;

    /// What became of one.
    ///
    /// @param caught by what
    /// @param step of the run at which it was caught; 0 when it was not
    record Outcome(NamedMutant mutant, Optional<Invariant> caught, long step, String text) {
        boolean asExpected() {
            return caught.filter(mutant.breaks()::equals).isPresent();
        }
    }

    private Mutants() {}

    static List<NamedMutant> all() {
        return Stream.of(
                        OwnershipMutants.all(),
                        TimeMutants.all(),
                        LimitMutants.all(),
                        EniMutants.all(),
                        KernelMutants.all())
                .flatMap(List::stream)
                .toList();
    }

    static Optional<NamedMutant> named(String name) {
        return all().stream().filter(mutant -> mutant.name().equals(name)).findFirst();
    }

    /// Plants it until it is caught by what it breaks, in one history after the other.
    static Outcome prove(NamedMutant mutant) {
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
