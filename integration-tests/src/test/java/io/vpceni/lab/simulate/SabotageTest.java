package io.vpceni.lab.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

class SabotageTest {

    @Test
    void eachIsCaughtByTheInvariantThatItBreaks(TestReporter report) {
        List<Sabotages.Outcome> outcomes = new ArrayList<>();
        for (NamedSabotage sabotage : Sabotages.all()) {
            Sabotages.Outcome outcome = Sabotages.prove(sabotage);
            outcomes.add(outcome);
            report.publishEntry(String.format(
                    Locale.ROOT,
                    "%-30s %-24s at step %,8d  %s",
                    sabotage.name(),
                    outcome.caught().map(Invariant::toString).orElse("NOT CAUGHT"),
                    outcome.step(),
                    sabotage.what()));
        }

        assertThat(outcomes).allMatch(Sabotages.Outcome::asExpected);
        assertThat(outcomes).allMatch(outcome -> outcome.step() <= Sabotages.STEPS_MAX);
    }

    @Test
    void thereAreTwentyAndTwoForEachInvariant() {
        assertThat(Sabotages.all()).hasSizeGreaterThanOrEqualTo(20);
        for (Invariant invariant : Invariant.values()) {
            assertThat(Sabotages.all().stream().filter(sabotage -> sabotage.breaks() == invariant))
                    .as("%s", invariant)
                    .hasSizeGreaterThanOrEqualTo(2);
        }
    }
}
