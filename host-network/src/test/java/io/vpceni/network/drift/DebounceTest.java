package io.vpceni.network.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DebounceTest {

    private static final long MILLI = 1_000_000;

    private final Debounce settling = new Debounce(0);

    @Test
    void withoutChangesTheNextLookIsTheSafetyLook() {
        assertThat(settling.untilLook(MILLI)).isEqualTo(Debounce.SAFETY.minusMillis(1));
        assertThat(settling.untilLook(Debounce.SAFETY.toNanos())).isZero();
    }

    @Test
    void aLookWaitsForTheEndOfTheBurst() {
        settling.changed(0);
        settling.changed(20 * MILLI);

        assertThat(settling.untilLook(20 * MILLI)).isEqualTo(Debounce.QUIET);
        assertThat(settling.untilLook(50 * MILLI)).isZero();
    }

    @Test
    void aBurstWithoutEndIsLookedAtAllTheSame() {
        for (long now = 0; now <= 190; now += 10) {
            settling.changed(now * MILLI);
        }

        assertThat(settling.untilLook(195 * MILLI)).isEqualTo(Duration.ofMillis(5));
    }

    @Test
    void whatChangesDuringALookWantsAnother() {
        settling.changed(0);
        settling.looks(30 * MILLI);
        assertThat(settling.untilLook(30 * MILLI)).isEqualTo(Debounce.SAFETY);

        settling.changed(31 * MILLI);
        assertThat(settling.untilLook(31 * MILLI)).isEqualTo(Debounce.QUIET);
    }

    @Test
    void whatHasToWaitIsDoneThen() {
        settling.againAt(700 * MILLI);
        settling.againAt(900 * MILLI);

        assertThat(settling.untilLook(0)).isEqualTo(Duration.ofMillis(700));
    }
}
