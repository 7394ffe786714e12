package io.vpceni.network.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DebounceTest {

    private static final long MILLI = 1_000_000;

    private final Debounce debounce = new Debounce(0);

    @Test
    void withoutChangesTheNextLookIsTheSafetyLook() {
        assertThat(debounce.untilLook(MILLI)).isEqualTo(Debounce.SAFETY.minusMillis(1));
        assertThat(debounce.untilLook(Debounce.SAFETY.toNanos())).isZero();
    }

    @Test
    void aLookWaitsForTheEndOfTheBurst() {
        debounce.changed(0);
        debounce.changed(20 * MILLI);

        assertThat(debounce.untilLook(20 * MILLI)).isEqualTo(Debounce.QUIET);
        assertThat(debounce.untilLook(50 * MILLI)).isZero();
    }

    @Test
    void aBurstWithoutEndIsLookedAtAllTheSame() {
        for (long now = 0; now <= 190; now += 10) {
            debounce.changed(now * MILLI);
        }

        assertThat(debounce.untilLook(195 * MILLI)).isEqualTo(Duration.ofMillis(5));
    }

    @Test
    void whatChangesDuringALookWantsAnother() {
        debounce.changed(0);
        debounce.looks(30 * MILLI);
        assertThat(debounce.untilLook(30 * MILLI)).isEqualTo(Debounce.SAFETY);

        debounce.changed(31 * MILLI);
        assertThat(debounce.untilLook(31 * MILLI)).isEqualTo(Debounce.QUIET);
    }

    @Test
    void whatHasToWaitIsDoneThen() {
        debounce.againAt(700 * MILLI);
        debounce.againAt(900 * MILLI);

        assertThat(debounce.untilLook(0)).isEqualTo(Duration.ofMillis(700));
    }
}
