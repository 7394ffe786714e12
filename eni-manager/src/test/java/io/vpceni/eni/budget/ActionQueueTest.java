package io.vpceni.eni.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.Backoff;
import io.vpceni.eni.Ec2Action;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.InstanceId;
import io.vpceni.eni.lifecycle.Priority;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ActionQueueTest {

    private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");

    private static final BackoffSettings BACKOFF = new BackoffSettings(
            Backoff.doubling(Duration.ofSeconds(1), Duration.ofSeconds(4)).withJitter(0.5), 0.5, Duration.ofMinutes(5));

    /// Two calls at once, then one every two seconds.
    private final ActionQueue queue = new ActionQueue(
            Ec2Action.DESCRIBE_NETWORK_INTERFACES,
            new RequestBucket(2, 0.5),
            rules(),
            () -> Long.MIN_VALUE,
            new ActionQueue.StartPhase(0, START),
            START);

    @Test
    void asManyCallsLeaveAsTheBucketHasTokensAndThenOneForEachNewToken() {
        for (int i = 1; i <= 3; i++) {
            queue.enqueue(call(i, Priority.WARM), START);
        }

        send(START);
        send(START);

        assertThat(queue.next(false, START)).isNull();
        assertThat(queue.nextAt(false, START)).isEqualTo(START.plusSeconds(2));
        send(START.plusSeconds(2));
    }

    @Test
    void whenFewPlacesAreLeftOnlyCallsThatPodsWaitForLeave() {
        queue.enqueue(call(1, Priority.WARM), START);
        assertThat(queue.next(true, START)).isNull();

        queue.enqueue(call(2, Priority.POD_WAITS), START);

        assertThat(queue.next(true, START)).extracting(QueuedCall::call).isEqualTo(2L);
        assertThat(queue.next(false, START)).extracting(QueuedCall::call).isEqualTo(1L);
    }

    @Test
    void aThrottledCallGivesItsTokenBackAndSlowsDownItsPriorityAndLessUrgentOnes() {
        queue.enqueue(call(1, Priority.LOOK), START);
        send(START);
        queue.returned();

        queue.refused(Priority.LOOK, START, START.plusMillis(1));
        queue.enqueue(call(2, Priority.LOOK), START.plusMillis(1));
        queue.enqueue(call(3, Priority.CLEAN_UP), START.plusMillis(1));
        assertThat(queue.next(false, START.plusMillis(1))).isNull();
        queue.enqueue(call(4, Priority.POD_WAITS), START.plusMillis(1));

        assertThat(queue.next(false, START.plusMillis(1)))
                .extracting(QueuedCall::call)
                .isEqualTo(4L);
        assertThat(queue.snapshot(START.plusMillis(1)).tokens()).isEqualTo(2);
        assertThat(queue.snapshot(START.plusMillis(1)).throttled()).isEqualTo(1);
    }

    @Test
    void aCallThatIsWithdrawnGivesItsTokenBackAndCountsAsNotMade() {
        queue.enqueue(call(1, Priority.WARM), START);
        send(START);
        queue.returned();

        queue.withdrawn(Priority.WARM, START);

        assertThat(queue.snapshot(START).tokens()).isEqualTo(2);
        assertThat(queue.snapshot(START).made()).isZero();
    }

    @Test
    void afterALongTimeWithoutACallThereIsNoGap() {
        queue.enqueue(call(1, Priority.WARM), START);
        send(START);
        queue.returned();
        queue.refused(Priority.WARM, START, START.plusMillis(1));
        Instant later = START.plus(BACKOFF.resetAfter()).plusSeconds(1);

        queue.enqueue(call(2, Priority.WARM), later);

        send(later);
        assertThat(queue.snapshot(later).perSecond()).isEqualTo(0.5);
    }

    private void send(Instant now) {
        queue.dequeued(Objects.requireNonNull(queue.next(false, now)), now);
    }

    private static QueuedCall call(long number, Priority priority) {
        return new QueuedCall(number, new Ec2Call.EnisOf(new InstanceId("i-1")), priority, START, START, 1, START);
    }

    private static Map<Priority, PriorityRules> rules() {
        Map<Priority, PriorityRules> rules = new EnumMap<>(Priority.class);
        for (Priority priority : Priority.values()) {
            rules.put(priority, new PriorityRules(Duration.ZERO, Duration.ofMinutes(1), 1, BACKOFF));
        }
        return rules;
    }
}
