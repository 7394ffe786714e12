package io.vpceni.network.drift;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RepairLimiterTest {

    private static final long SECOND = 1_000_000_000;

    private final RepairLimiter fights = new RepairLimiter();

    @Test
    void whatIsRepairedTheThirdTimeInTenSecondsRestsASecondFromThenOn() {
        assertThat(fights.repaired("a", 0)).isFalse();
        assertThat(fights.repaired("a", SECOND)).isFalse();
        assertThat(fights.mayRepairAt("a", SECOND)).isEqualTo(SECOND);
        assertThat(fights.repaired("a", 2 * SECOND)).isTrue();

        assertThat(fights.mayRepairAt("a", 2 * SECOND + 1)).isEqualTo(3 * SECOND);
        assertThat(fights.mayRepairAt("a", 4 * SECOND)).isEqualTo(4 * SECOND);
        assertThat(fights.mayRepairAt("b", 2 * SECOND)).isEqualTo(2 * SECOND);
    }

    @Test
    void theTwoRoutesOfAnEniAreRepairedAtOnceAndThatIsNoFight() {
        for (int i = 0; i < 2 * RepairLimiter.OFTEN; i++) {
            assertThat(fights.repaired("a", 0)).isFalse();
        }
        assertThat(fights.mayRepairAt("a", 1)).isEqualTo(1);
    }

    @Test
    void aFightIsSaidOnceAndEndsWhenTheOtherSideRests() {
        for (long now = 0; now < 3; now++) {
            fights.repaired("a", now * SECOND);
        }
        assertThat(fights.repaired("a", 3 * SECOND)).isFalse();

        assertThat(fights.mayRepairAt("a", 60 * SECOND)).isEqualTo(60 * SECOND);
        assertThat(fights.repaired("a", 60 * SECOND)).isFalse();
    }

    @Test
    void whatWasHeardOfIsKnownAndTheOldestIsForgotten() {
        fights.remember("a");
        assertThat(fights.isKnown("a")).isTrue();

        for (int i = 0; i < 4096; i++) {
            fights.repaired(i, 0);
        }
        assertThat(fights.isKnown("a")).isFalse();
        assertThat(fights.isKnown(1)).isTrue();
    }
}
