package io.vpceni.network.drift;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RepairLimiterTest {

    private static final long SECOND = 1_000_000_000;

    private final RepairLimiter limiter = new RepairLimiter();

    @Test
    void whatIsRepairedTheThirdTimeInTenSecondsRestsASecondFromThenOn() {
        assertThat(limiter.repaired("a", 0)).isFalse();
        assertThat(limiter.repaired("a", SECOND)).isFalse();
        assertThat(limiter.mayRepairAt("a", SECOND)).isEqualTo(SECOND);
        assertThat(limiter.repaired("a", 2 * SECOND)).isTrue();

        assertThat(limiter.mayRepairAt("a", 2 * SECOND + 1)).isEqualTo(3 * SECOND);
        assertThat(limiter.mayRepairAt("a", 4 * SECOND)).isEqualTo(4 * SECOND);
        assertThat(limiter.mayRepairAt("b", 2 * SECOND)).isEqualTo(2 * SECOND);
    }

    @Test
    void theTwoRoutesOfAnEniAreRepairedAtOnceAndThatIsNoFight() {
        for (int i = 0; i < 2 * RepairLimiter.OFTEN; i++) {
            assertThat(limiter.repaired("a", 0)).isFalse();
        }
        assertThat(limiter.mayRepairAt("a", 1)).isEqualTo(1);
    }

    @Test
    void aFightIsSaidOnceAndEndsWhenTheOtherSideRests() {
        for (long now = 0; now < 3; now++) {
            limiter.repaired("a", now * SECOND);
        }
        assertThat(limiter.repaired("a", 3 * SECOND)).isFalse();

        assertThat(limiter.mayRepairAt("a", 60 * SECOND)).isEqualTo(60 * SECOND);
        assertThat(limiter.repaired("a", 60 * SECOND)).isFalse();
    }

    @Test
    void whatWasHeardOfIsKnownAndTheOldestIsForgotten() {
        limiter.remember("a");
        assertThat(limiter.isKnown("a")).isTrue();

        for (int i = 0; i < 4096; i++) {
            limiter.repaired(i, 0);
        }
        assertThat(limiter.isKnown("a")).isFalse();
        assertThat(limiter.isKnown(1)).isTrue();
    }
}
