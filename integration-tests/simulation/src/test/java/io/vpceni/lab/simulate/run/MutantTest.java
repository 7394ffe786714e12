package io.vpceni.lab.simulate.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.lab.simulate.check.Invariant;
import io.vpceni.lab.simulate.mutant.Mutants;
import io.vpceni.lab.simulate.mutant.NamedMutant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

class MutantTest {

    @Test
    void eachIsCaughtByTheInvariantThatItBreaks(TestReporter report) {
        List<MutantProof.Outcome> outcomes = new ArrayList<>();
        for (NamedMutant mutant : Mutants.all()) {
            MutantProof.Outcome outcome = MutantProof.prove(mutant);
            outcomes.add(outcome);
            report.publishEntry(String.format(
                    Locale.ROOT,
                    "%-30s %-24s at step %,8d  %s",
                    mutant.name(),
                    outcome.caught().map(Invariant::toString).orElse("NOT CAUGHT"),
                    outcome.step(),
                    mutant.what()));
        }

        assertThat(outcomes).allMatch(MutantProof.Outcome::asExpected);
        assertThat(outcomes).allMatch(outcome -> outcome.step() <= MutantProof.STEPS_MAX);
    }

    @Test
    void thereAreTwentyAndTwoForEachInvariant() {
        assertThat(Mutants.all()).hasSizeGreaterThanOrEqualTo(20);
        for (Invariant invariant : Invariant.values()) {
            assertThat(Mutants.all().stream().filter(mutant -> mutant.breaks() == invariant))
                    .as("%s", invariant)
                    .hasSizeGreaterThanOrEqualTo(2);
        }
    }
}
