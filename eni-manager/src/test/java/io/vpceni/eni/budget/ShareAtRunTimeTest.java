package io.vpceni.eni.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.lifecycle.Priority;
import io.vpceni.pool.EniId;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/// A node's share of the account's request rate changes while it runs, as nodes come and go.
class ShareAtRunTimeTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Ec2Call<?> DELETE = new Ec2Call.Delete(new EniId("eni-1"));

    private final RequestScheduler scheduler = new RequestScheduler(BudgetSettings.ofShare(1), 1);
    private long calls;

    private int sentIn(Duration time, Instant from) {
        int sent = 0;
        for (Instant now = from; now.isBefore(from.plus(time)); now = now.plusMillis(100)) {
            while (scheduler.snapshot(now).waiting() < 10) {
                assertThat(scheduler.submit(++calls, DELETE, Priority.POD_WAITS, now))
                        .isEmpty();
            }
            for (RequestScheduler.ReadyCall ready : scheduler.due(now)) {
                scheduler.answered(ready.call(), now);
                sent++;
            }
        }
        return sent;
    }

    @Test
    void a_smaller_share_counts_at_once_and_what_waits_is_sent_all_the_same() {
        sentIn(Duration.ofMinutes(1), START); // the burst is used up
        Instant now = START.plus(Duration.ofMinutes(1));
        int before = sentIn(Duration.ofMinutes(1), now);
        now = now.plus(Duration.ofMinutes(1));

        scheduler.share(0.1, now);

        int after = sentIn(Duration.ofMinutes(10), now);
        assertThat(before).isBetween(290, 310); // 5 a second
        assertThat(after).isBetween(290, 310); // a tenth of that, ten times as long
        assertThat(scheduler.snapshot(now).share()).isEqualTo(0.1);
    }

    @Test
    void a_larger_share_counts_at_once() {
        scheduler.share(0.1, START);
        sentIn(Duration.ofMinutes(1), START);
        Instant now = START.plus(Duration.ofMinutes(1));

        scheduler.share(1, now);

        assertThat(sentIn(Duration.ofMinutes(1), now)).isBetween(290, 310);
    }

    @Test
    void the_tokens_of_a_large_share_do_not_outlive_it() {
        assertThat(scheduler.submit(++calls, DELETE, Priority.POD_WAITS, START)).isEmpty();
        scheduler.due(START).forEach(ready -> scheduler.answered(ready.call(), START)); // the bucket is there, and full

        scheduler.share(0.01, START);

        assertThat(sentIn(Duration.ofSeconds(1), START)).isLessThanOrEqualTo(1);
    }

    @Test
    void a_share_that_is_none_changes_nothing() {
        assertThatThrownBy(() -> scheduler.share(0, START)).isInstanceOf(IllegalArgumentException.class);

        assertThat(scheduler.snapshot(START).share()).isEqualTo(1);
    }
}
