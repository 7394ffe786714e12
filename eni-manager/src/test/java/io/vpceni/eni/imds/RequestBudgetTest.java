package io.vpceni.eni.imds;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RequestBudgetTest {

    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    private final RequestBudget budget = new RequestBudget();

    @Test
    void aBurstIsFreeAndWhatFollowsIsPaced() {
        for (int request = 0; request < 80; request++) {
            assertThat(budget.take(NOON)).isZero();
        }

        assertThat(budget.take(NOON)).isEqualTo(Duration.ofMillis(25));
        assertThat(budget.take(NOON)).isEqualTo(Duration.ofMillis(50));
        assertThat(budget.take(NOON.plusMillis(75))).isZero();
        assertThat(budget.take(NOON.plusMillis(75))).isEqualTo(Duration.ofMillis(25));
    }

    @Test
    void aRestFillsTheBudgetAgainAndNoFurther() {
        for (int request = 0; request < 80; request++) {
            budget.take(NOON);
        }
        Instant later = NOON.plusSeconds(3600);
        for (int request = 0; request < 80; request++) {
            assertThat(budget.take(later)).isZero();
        }

        assertThat(budget.take(later)).isPositive();
    }

    @Test
    void aStepBackOfTheClockHoldsNobodyLong() {
        budget.take(NOON);

        assertThat(budget.take(NOON.minusSeconds(3600))).isLessThanOrEqualTo(Duration.ofSeconds(2));
    }
}
