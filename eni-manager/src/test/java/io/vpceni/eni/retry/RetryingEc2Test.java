package io.vpceni.eni.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vpceni.eni.Ec2;
import io.vpceni.eni.Ec2Answer;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.Ec2Failure.Kind;
import io.vpceni.eni.InstanceId;
import io.vpceni.eni.Sleeper;
import io.vpceni.eni.budget.BudgetSettings;
import io.vpceni.eni.budget.RequestScheduler;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.EniId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RetryingEc2Test {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Ec2Call<?> READ = new Ec2Call.EnisOf(new InstanceId("i-1"));
    private static final Ec2Call<?> WRITE = new Ec2Call.Assign(new EniId("eni-1"), BlockKind.ADDRESS, 1);

    private final Deque<Kind> failures = new ArrayDeque<>();
    private Instant now = START;
    private int asked;

    private final Ec2 ec2 = patient(this::advance);

    @Test
    void aThrottledStartWaitsAndGoesOn() throws Ec2Failure {
        failures.addAll(Collections.nCopies(5, Kind.THROTTLED));

        assertThat(ec2.answer(READ)).isEqualTo(new Ec2Answer.Done());

        assertThat(asked).isEqualTo(6);
        assertThat(Duration.between(START, now)).isBetween(Duration.ofSeconds(15), Duration.ofSeconds(47));
    }

    @Test
    void aThrottledWriteIsMadeAgainAndALostOneIsNot() throws Ec2Failure {
        failures.add(Kind.THROTTLED);
        failures.add(Kind.OUTCOME_UNKNOWN);

        Ec2Failure lost = catchThrowableOfType(Ec2Failure.class, () -> ec2.answer(WRITE));

        assertThat(lost.kind()).isEqualTo(Kind.OUTCOME_UNKNOWN);
        assertThat(asked).isEqualTo(2);
    }

    @Test
    void itEndsWhenEc2StaysAway() {
        failures.addAll(Collections.nCopies(1_000, Kind.THROTTLED));
        assertThatThrownBy(() -> ec2.answer(READ)).isInstanceOf(Ec2Failure.class);
        assertThat(Duration.between(START, now)).isBetween(Duration.ofMinutes(30), Duration.ofMinutes(32));

        now = now.plus(Duration.ofHours(1));
        failures.clear();
        failures.addAll(Collections.nCopies(1_000, Kind.UNAVAILABLE));
        asked = 0;
        assertThatThrownBy(() -> ec2.answer(READ)).isInstanceOf(Ec2Failure.class);
        assertThat(asked).isEqualTo(5);
    }

    @Test
    void theLimitsOfAKnownTypeAreAskedForOnceAndOnlyAtOnce() throws Ec2Failure {
        Ec2Call<?> limits = new Ec2Call.LimitsOf("m5.large");
        failures.add(Kind.THROTTLED);
        assertThatThrownBy(() -> ec2.answer(limits)).isInstanceOf(Ec2Failure.class);
        assertThat(asked).isEqualTo(1);
        assertThat(now).isEqualTo(START);

        Ec2 oneOfMany = new RetryingEc2(
                this::once, BudgetSettings.ofShare(0.001), this::advance, () -> now, new SplittableRandom(1));
        assertThatThrownBy(() -> oneOfMany.answer(limits)).hasMessageContaining("share");
        assertThat(asked).isEqualTo(1);

        failures.add(Kind.THROTTLED);
        assertThat(ec2.answer(new Ec2Call.LimitsOf("x99.new"))).isEqualTo(new Ec2Answer.Done());
        assertThat(asked).isEqualTo(3);
    }

    @Test
    void theSchedulerKeepsWhatItLearnedWhenItIsHandedOver() throws Ec2Failure {
        RetryingEc2 patient = new RetryingEc2(
                this::once, BudgetSettings.ofShare(1), this::advance, () -> now, new SplittableRandom(1));
        failures.add(Kind.THROTTLED);
        var _ = patient.answer(READ);

        RequestScheduler scheduler = patient.handOver();

        assertThat(scheduler.snapshot(now).actions().getFirst().throttled()).isEqualTo(1);
        assertThat(scheduler.snapshot(now).underWay()).isZero();
        assertThat(patient.answer(READ)).isEqualTo(new Ec2Answer.Done());
        assertThat(scheduler.snapshot(now).actions().getFirst().made()).isEqualTo(2);
    }

    @Test
    void anInterruptEndsTheWaitWithTheFailureThatThereWas() {
        failures.add(Kind.THROTTLED);
        Ec2 interrupted = patient(_ -> {
            throw new InterruptedException("stop");
        });

        Ec2Failure failure = catchThrowableOfType(Ec2Failure.class, () -> interrupted.answer(READ));

        assertThat(failure.kind()).isEqualTo(Kind.THROTTLED);
        assertThat(Thread.interrupted()).isTrue();
    }

    private void advance(Duration length) {
        now = now.plus(length);
    }

    private Ec2 patient(Sleeper pause) {
        return new RetryingEc2(this::once, BudgetSettings.ofShare(1), pause, () -> now, new SplittableRandom(1));
    }

    private Ec2Answer once(Ec2Call<?> call) throws Ec2Failure {
        asked++;
        if (failures.isEmpty()) {
            return new Ec2Answer.Done();
        }
        throw Ec2Failure.withoutCode(failures.remove(), call.action().apiName(), call.subject(), "", null);
    }
}
