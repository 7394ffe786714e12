package io.vpceni.network.drift;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TableChecksTest {

    private static final long MILLI = 1_000_000;

    private final TableChecks checks = new TableChecks(0);

    @Test
    void theFirstIsDueAtOnce() {
        assertThat(checks.isDue(0)).isTrue();
    }

    @Test
    void withoutEventsTheNextIsDueWithTheSafetyLook() {
        checks.done(0, 0);

        assertThat(checks.isDue(Debounce.SAFETY.toNanos() - 1)).isFalse();
        assertThat(checks.isDue(Debounce.SAFETY.toNanos())).isTrue();
    }

    @Test
    void aLoneTransactionIsLookedAtOnceItIsQuiet() {
        checks.done(0, 0);
        checks.changed(5000 * MILLI);

        assertThat(checks.dueAt()).isEqualTo(5030 * MILLI);
    }

    /// Ten transactions a second for five seconds: one comparison a second, and one after the last.
    @Test
    void transactionsWithoutEndAreLookedAtOnceASecond() {
        List<Long> at = new ArrayList<>();
        long last = 0;
        for (long now = 0; now <= 7000; now += 10) {
            if (now % 100 == 0 && now <= 5000) {
                checks.changed(now * MILLI);
                last = now;
            }
            if (checks.isDue(now * MILLI)) {
                checks.done(now * MILLI, now * MILLI);
                at.add(now);
            }
        }

        assertThat(at).containsExactly(0L, 1000L, 2000L, 3000L, 4000L, 5000L);
        assertThat(at.getLast()).isGreaterThanOrEqualTo(last);
    }

    @Test
    void theLastOfABurstIsNotMissed() {
        checks.done(0, 0);
        checks.changed(100 * MILLI);
        checks.done(1000 * MILLI, 1000 * MILLI);
        checks.changed(1001 * MILLI);

        assertThat(checks.dueAt()).isEqualTo(2000 * MILLI);
    }

    @Test
    void oneThatTakesLongIsFollowedByAPause() {
        checks.changed(100 * MILLI);
        checks.done(130 * MILLI, 2000 * MILLI);
        checks.changed(2001 * MILLI);

        assertThat(checks.dueAt()).isEqualTo(3000 * MILLI);
    }

    @Test
    void oneThatFailedIsMadeAgainAfterAPauseAlsoWhenMoreChanges() {
        checks.failed(1000 * MILLI, Duration.ofSeconds(4));
        assertThat(checks.dueAt()).isEqualTo(5000 * MILLI);
        checks.changed(1001 * MILLI);
        assertThat(checks.dueAt()).isEqualTo(2000 * MILLI);
    }
}
