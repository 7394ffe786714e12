package io.vpceni.lab.simulate.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.lab.simulate.FailureReport;
import io.vpceni.lab.simulate.check.Invariant;
import io.vpceni.lab.simulate.context.Coverage;
import io.vpceni.lab.simulate.mutant.Mutants;
import io.vpceni.lab.simulate.mutant.NamedMutant;
import io.vpceni.lab.simulate.port.Mutant;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/// 3,000,000 steps at least, a third of them from a seed that nobody has seen before.
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class SimulationTest {
    private static final long STEPS = 1_000_000;

    @Test
    void fixedSeedsBreakNothingAndLeaveNothingOut() {
        Coverage coverage = new Coverage();
        for (long seed : List.of(20260102L, 20260103L)) { // what is rare shows in one of them, whatever is changed
            Simulation.Result result = Simulation.run(seed, STEPS, Mutant::new, true);
            assertThat(lines(result)).isEmpty();
            coverage.add(result.coverage());
        }

        assertThat(coverage.missing()).isEmpty();
    }

    @Test
    void aFreshSeedBreaksNothing(TestReporter report) {
        long seed = Instant.now().toEpochMilli();
        report.publishEntry("fresh seed " + seed + "; again: ./lab simulate --seed " + seed);

        Simulation.Result result = Simulation.run(seed, STEPS, Mutant::new, true);

        assertThat(lines(result)).isEmpty();
    }

    @Test
    void theSameSeedMakesTheSameRun() {
        Simulation.Result once = Simulation.run(5, 20_000, Mutant::new, false);
        Simulation.Result again = Simulation.run(5, 20_000, Mutant::new, false);

        assertThat(again.steps()).isEqualTo(once.steps());
        assertThat(again.coverage().counts()).isEqualTo(once.coverage().counts());
    }

    @Test
    void aFailureIsReplayedFromItsChoicesAndShrunk() {
        NamedMutant mutant = Mutants.named("cooldown-a-second-short").orElseThrow();

        Simulation.Broken broken = Simulation.run(1, MutantProof.STEPS_MAX, mutant.maker(), true)
                .broken()
                .orElseThrow();
        List<int[]> read =
                FailureReport.read(FailureReport.choices(broken.shrunk().choices()));
        Optional<Episode.Failure> replayed = Simulation.replay(read, mutant.maker());

        assertThat(broken.shrunk().choices())
                .hasSizeLessThan(broken.first().choices().size());
        assertThat(replayed.orElseThrow().invariant()).isEqualTo(Invariant.COOLDOWN_KEPT);
        assertThat(replayed.orElseThrow().text()).isEqualTo(broken.shrunk().text());
        assertThat(FailureReport.lines(1, broken)).anyMatch(line -> line.contains("seed 1"));
    }

    private static List<String> lines(Simulation.Result result) {
        return result.broken()
                .map(broken -> FailureReport.lines(result.seed(), broken))
                .orElse(List.of());
    }
}
