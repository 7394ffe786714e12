package io.vpceni.eni.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.Backoff;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.InstanceId;
import io.vpceni.eni.lifecycle.Priority;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class BackoffQueueTest {

    private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");

    private static final PriorityRules RULES = new PriorityRules(
            Duration.ZERO,
            Duration.ofMinutes(1),
            1,
            new BackoffSettings(
                    Backoff.doubling(Duration.ofSeconds(1), Duration.ofSeconds(4))
                            .withJitter(0.5),
                    0.5,
                    Duration.ofMinutes(5)));

    /// Whose jitter is a factor of 1.
    private final BackoffQueue queue = new BackoffQueue(RULES, () -> Long.MIN_VALUE);

    @Test
    void theFirstCallToBeSentIsTheOneWithTheEarliestTurn() {
        queue.enqueue(call(1, START.plusSeconds(5), START), START);
        queue.enqueue(call(2, START, START), START);

        assertThat(queue.next(START)).extracting(QueuedCall::call).isEqualTo(2L);
    }

    @Test
    void aCallThatIsRetriedWaitsUntilItsTime() {
        queue.enqueue(call(1, START, START.plusSeconds(3)), START);

        assertThat(queue.next(START.plusSeconds(2))).isNull();
        assertThat(queue.nextAt(START)).isEqualTo(START.plusSeconds(3));
        assertThat(queue.next(START.plusSeconds(3))).isNotNull();
    }

    @Test
    void eachThrottledAnswerDoublesTheGapUpToItsMaximum() {
        queue.refused(START, START);
        assertThat(queue.gap()).hasSeconds(1);

        for (int i = 1; i < 5; i++) {
            queue.refused(START.plusSeconds(i), START.plusSeconds(i));
        }

        assertThat(queue.gap()).hasSeconds(4);
    }

    @Test
    void ofCallsThatLeftTogetherOnlyTheFirstThrottledOneLengthensTheGap() {
        queue.refused(START, START.plusSeconds(1));
        queue.refused(START, START.plusSeconds(2));

        assertThat(queue.gap()).hasSeconds(1);
    }

    @Test
    void whileTheGapLastsNothingIsSent() {
        queue.refused(START, START);
        queue.enqueue(call(1, START, START), START);

        assertThat(queue.next(START.plusMillis(999))).isNull();
        assertThat(queue.nextAt(START)).isEqualTo(START.plusSeconds(1));
        assertThat(queue.next(START.plusSeconds(1))).isNotNull();
    }

    @Test
    void otherAnswersShortenTheGapUntilThereIsNone() {
        queue.refused(START, START);

        queue.succeeded();
        assertThat(queue.gap()).hasMillis(500);
        queue.succeeded();
        queue.succeeded();
        assertThat(queue.gap()).isZero();
    }

    private static QueuedCall call(long number, Instant turn, Instant notBefore) {
        return new QueuedCall(
                number, new Ec2Call.EnisOf(new InstanceId("i-1")), Priority.WARM, START, turn, 1, notBefore);
    }
}
