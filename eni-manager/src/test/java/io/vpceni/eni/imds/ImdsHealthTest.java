package io.vpceni.eni.imds;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.eni.imds.ImdsMeter.Outcome;
import io.vpceni.eni.imds.ImdsMeter.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImdsHealthTest {

    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    private final List<String> heard = new ArrayList<>();

    private Instant now = NOON;

    private final ImdsHealth health = new ImdsHealth(() -> now, new ImdsMeter() {
        @Override
        public void answered(Path path, Outcome outcome, Duration took) {
            heard.add(path + " " + outcome);
        }

        @Override
        public void held(Duration wait) {
            heard.add("held");
        }
    });

    @Test
    void aSilenceLastsFromTheFirstLostAnswerToTheNextGoodOne() {
        tell(Outcome.OK);
        assertThat(health.silentSince()).isEmpty();

        now = NOON.plusSeconds(5);
        tell(Outcome.SILENT);
        now = NOON.plusSeconds(1800);
        tell(Outcome.FAILED);
        tell(Outcome.REFUSED);
        assertThat(health.silentSince()).contains(NOON.plusSeconds(5));

        tell(Outcome.MISSING);
        assertThat(health.silentSince()).isEmpty();
    }

    @Test
    void theNextOneHearsEverything() {
        tell(Outcome.OK);
        health.held(Duration.ofMillis(1));

        assertThat(heard).containsExactly("INSTANCE OK", "held");
    }

    private void tell(Outcome outcome) {
        health.answered(Path.INSTANCE, outcome, Duration.ZERO);
    }
}
