package io.vpceni.eni.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vpceni.eni.Ec2Action;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.Ec2Failure.Kind;
import io.vpceni.eni.budget.RequestScheduler.ReadyCall;
import io.vpceni.eni.lifecycle.Priority;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.EniId;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RequestSchedulerTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final EniId ENI = new EniId("eni-1");
    private static final Ec2Call<?> ASSIGN = new Ec2Call.Assign(ENI, BlockKind.ADDRESS, 1);
    private static final Ec2Call<?> LOOK = new Ec2Call.OneEni(ENI);
    private static final Ec2Call<?> DELETE = new Ec2Call.Delete(ENI);

    private final BudgetSettings settings = BudgetSettings.ofShare(1);
    private RequestScheduler scheduler = new RequestScheduler(settings, 1);
    private Instant now = START;
    private long calls;

    @Test
    void aCallThatNothingHoldsBackLeavesAtOnce() {
        long call = submit(ASSIGN, Priority.WARM);

        assertThat(scheduler.dueNextAt(now)).contains(now);
        assertThat(scheduler.due(now)).containsExactly(new ReadyCall(call, ASSIGN));
        assertThat(scheduler.due(now)).isEmpty();
        assertThat(scheduler.dueNextAt(now)).isEmpty();
    }

    @Test
    void aPodGoesBeforeWarmStockALookAndCleanUp() {
        scheduler = small(1);
        pass(submit(ASSIGN, Priority.WARM));
        long cleanUp = submit(ASSIGN, Priority.CLEAN_UP);
        long look = submit(ASSIGN, Priority.LOOK);
        long warm = submit(ASSIGN, Priority.WARM);
        long pod = submit(ASSIGN, Priority.POD_WAITS);

        assertThat(List.of(one(), one(), one(), one())).containsExactly(pod, warm, look, cleanUp);
    }

    @Test
    void whatCanWaitIsNotOvertakenForEver() {
        scheduler = small(1);
        pass(submit(ASSIGN, Priority.WARM));
        long cleanUp = submit(ASSIGN, Priority.CLEAN_UP);
        Instant began = now;
        submit(ASSIGN, Priority.POD_WAITS);

        for (long next = one(); next != cleanUp; next = one()) {
            submit(ASSIGN, Priority.POD_WAITS);
            submit(ASSIGN, Priority.POD_WAITS);
            assertThat(Duration.between(began, now)).isLessThan(Duration.ofMinutes(10));
        }
        assertThat(Duration.between(began, now)).isGreaterThan(Duration.ofMinutes(2));
    }

    @Test
    void noMoreLeaveThanTheBucketHoldsAndGetsBack() {
        scheduler = new RequestScheduler(roomy(settings), 1);
        for (int i = 0; i < 200; i++) {
            submit(ASSIGN, Priority.WARM);
        }

        assertThat(scheduler.due(now)).hasSize(100);
        assertThat(scheduler.dueNextAt(now)).contains(now.plusMillis(200));
        now = now.plusSeconds(10);
        assertThat(scheduler.due(now)).hasSize(50);
    }

    @Test
    void aShareIsAPartOfBurstAndRefill() {
        scheduler = new RequestScheduler(roomy(BudgetSettings.ofShare(0.5)), 1);
        for (int i = 0; i < 200; i++) {
            submit(ASSIGN, Priority.WARM);
        }

        assertThat(scheduler.due(now)).hasSize(50);
        now = now.plusSeconds(10);
        assertThat(scheduler.due(now)).hasSize(25);
    }

    @Test
    void nodesWithAPartOfOneCallMakeTheirFirstCallsOneAfterTheOther() {
        int nodes = 1_000;
        double[] seconds = new double[nodes];
        for (int node = 0; node < nodes; node++) {
            scheduler = new RequestScheduler(BudgetSettings.ofShare(1.0 / nodes), node);
            submit(ASSIGN, Priority.WARM);
            seconds[node] = Duration.between(START, scheduler.dueNextAt(START).orElseThrow())
                            .toMillis()
                    / 1000.0;
        }

        // (1000 - 100) calls at 5 a second, and a tenth more
        assertThat(Arrays.stream(seconds).max().orElseThrow()).isLessThanOrEqualTo(198);
        for (int third = 0; third < 3; third++) {
            int from = third * 66;
            assertThat(Arrays.stream(seconds)
                            .filter(s -> s >= from && s < from + 66)
                            .count())
                    .isBetween(270L, 400L);
        }
    }

    @Test
    void aCallThatIsWithdrawnCostsNothing() {
        scheduler = small(1);
        long unwanted = submit(ASSIGN, Priority.WARM);
        assertThat(scheduler.due(now)).hasSize(1);
        long wanted = submit(ASSIGN, Priority.WARM);
        assertThat(scheduler.due(now)).isEmpty();

        scheduler.withdrawn(unwanted, now);

        assertThat(scheduler.due(now)).containsExactly(new ReadyCall(wanted, ASSIGN));
        assertThat(scheduler.snapshot(now).underWay()).isEqualTo(1);
    }

    @Test
    void looksLeaveHalfOfTheShareToOthers() {
        scheduler = new RequestScheduler(roomy(BudgetSettings.ofShare(0.1)), 1);
        for (int i = 0; i < 50; i++) {
            submit(LOOK, Priority.LOOK);
        }

        assertThat(scheduler.due(now)).hasSize(5); // of 10 tokens
        now = now.plusSeconds(10); // 20 more, 10 of which are room
        assertThat(scheduler.due(now)).hasSize(5);
    }

    @Test
    void aThrottledCallIsMadeAgainAndLaterEachTime() {
        long call = submit(ASSIGN, Priority.WARM);
        for (int attempt = 1; attempt <= 5; attempt++) {
            assertThat(scheduler.due(now)).containsExactly(new ReadyCall(call, ASSIGN));
            assertThat(scheduler.failed(call, failure(Kind.THROTTLED), now)).isEmpty();
            Instant next = scheduler.dueNextAt(now).orElseThrow();
            Duration gap = 2 << (attempt - 1) > 30 ? Duration.ofSeconds(30) : Duration.ofSeconds(2L << (attempt - 1));
            assertThat(Duration.between(now, next))
                    .isBetween(gap.dividedBy(2), gap.multipliedBy(3).dividedBy(2));
            now = next;
        }
        assertThat(of(Ec2Action.ASSIGN_PRIVATE_IP_ADDRESSES).throttled()).isEqualTo(5);
        assertThat(of(Ec2Action.ASSIGN_PRIVATE_IP_ADDRESSES).perSecond()).isLessThan(0.1);
    }

    @Test
    void aCallThatIsThrottledForTooLongFails() {
        long call = submit(LOOK, Priority.LOOK);
        Optional<Ec2Failure> end = Optional.empty();
        while (end.isEmpty()) {
            now = scheduler.dueNextAt(now).orElseThrow();
            assertThat(scheduler.due(now)).hasSize(1);
            end = scheduler.failed(call, failure(Kind.THROTTLED), now);
        }

        assertThat(end.get().kind()).isEqualTo(Kind.THROTTLED);
        assertThat(Duration.between(START, now)).isBetween(Duration.ofMinutes(5), Duration.ofMinutes(20));
        assertThat(scheduler.snapshot(now).underWay()).isZero();
        assertThat(scheduler.snapshot(now).waiting()).isZero();
    }

    @Test
    void callsThatWereThrottledTogetherSlowDownOnce() {
        List<Long> together = List.of(submit(ASSIGN, Priority.WARM), submit(ASSIGN, Priority.WARM));
        assertThat(scheduler.due(now)).hasSize(2);
        now = now.plusMillis(100);
        together.forEach(call ->
                assertThat(scheduler.failed(call, failure(Kind.THROTTLED), now)).isEmpty());

        assertThat(of(Ec2Action.ASSIGN_PRIVATE_IP_ADDRESSES).perSecond()).isLessThanOrEqualTo(0.5);
    }

    @Test
    void thePaceRecoversWithAnswers() {
        throttleOnce();
        for (int i = 0; i < 20; i++) {
            pass(submit(ASSIGN, Priority.WARM));
        }

        assertThat(of(Ec2Action.ASSIGN_PRIVATE_IP_ADDRESSES).perSecond()).isEqualTo(5);
    }

    @Test
    void whatWasThrottledLongAgoIsForgotten() {
        throttleOnce();
        now = now.plus(Duration.ofMinutes(21));
        submit(ASSIGN, Priority.WARM);

        assertThat(of(Ec2Action.ASSIGN_PRIVATE_IP_ADDRESSES).perSecond()).isEqualTo(5);
    }

    @Test
    void oneActionThatIsThrottledDoesNotHoldUpAnother() {
        throttleOnce();
        submit(ASSIGN, Priority.WARM);
        long delete = submit(DELETE, Priority.CLEAN_UP);

        assertThat(scheduler.due(now)).containsExactly(new ReadyCall(delete, DELETE));
    }

    @Test
    void aReadWhoseAnswerIsLostIsMadeAgainAFewTimes() {
        for (Kind kind : List.of(Kind.OUTCOME_UNKNOWN, Kind.UNAVAILABLE, Kind.NO_CREDENTIALS)) {
            long call = submit(LOOK, Priority.LOOK);
            for (int attempt = 1; attempt < settings.readAttemptsMax(); attempt++) {
                now = scheduler.dueNextAt(now).orElseThrow();
                assertThat(scheduler.due(now)).containsExactly(new ReadyCall(call, LOOK));
                assertThat(scheduler.failed(call, failure(kind), now)).isEmpty();
                assertThat(scheduler.due(now)).isEmpty();
            }
            now = scheduler.dueNextAt(now).orElseThrow();
            assertThat(scheduler.due(now)).hasSize(1);
            assertThat(scheduler.failed(call, failure(kind), now)).isPresent();
        }
    }

    @Test
    void aWriteWhoseAnswerIsLostIsNotMadeAgain() {
        for (Kind kind : Kind.values()) {
            if (kind != Kind.THROTTLED) {
                long call = submit(ASSIGN, Priority.POD_WAITS);
                now = scheduler.dueNextAt(now).orElseThrow();
                assertThat(scheduler.due(now)).hasSize(1);
                assertThat(scheduler.failed(call, failure(kind), now))
                        .as(kind.name())
                        .isPresent();
            }
        }
    }

    @Test
    void onlySoManyAreUnderWayAndTheLastPlacesAreForPods() {
        for (int i = 0; i < 20; i++) {
            submit(ASSIGN, Priority.WARM);
        }
        List<ReadyCall> first = scheduler.due(now);
        assertThat(first).hasSize(settings.concurrencyMax() - settings.reservedForPods());
        assertThat(scheduler.dueNextAt(now)).isEmpty();

        long pod = submit(LOOK, Priority.POD_WAITS);
        assertThat(scheduler.due(now)).containsExactly(new ReadyCall(pod, LOOK));
        scheduler.answered(first.getFirst().call(), now);
        assertThat(scheduler.due(now)).isEmpty();
        scheduler.answered(pod, now);
        assertThat(scheduler.due(now)).hasSize(1);
    }

    @Test
    void anOlderCallDoesNotKeepAPodsCallFromTheLastPlaces() {
        for (int i = 0; i < settings.concurrencyMax(); i++) {
            submit(LOOK, Priority.WARM);
        }
        assertThat(scheduler.due(now)).hasSize(settings.concurrencyMax() - settings.reservedForPods());
        now = now.plusSeconds(60); // so late that those which wait go first

        long pod = submit(LOOK, Priority.POD_WAITS);

        assertThat(scheduler.due(now)).containsExactly(new ReadyCall(pod, LOOK));
    }

    @Test
    void aCallTooManyIsRefused() {
        for (int i = 0; i < settings.queueLengthMax(); i++) {
            submit(ASSIGN, Priority.WARM);
        }
        assertThat(scheduler
                        .submit(++calls, ASSIGN, Priority.WARM, now)
                        .orElseThrow()
                        .kind())
                .isEqualTo(Kind.UNAVAILABLE);
    }

    @Test
    void anAnswerToNothingIsAMistake() {
        assertThatThrownBy(() -> scheduler.answered(7, now)).isInstanceOf(IllegalArgumentException.class);
    }

    private void throttleOnce() {
        long call = submit(ASSIGN, Priority.WARM);
        assertThat(scheduler.due(now)).hasSize(1);
        assertThat(scheduler.failed(call, failure(Kind.THROTTLED), now)).isEmpty();
        pass(call);
        assertThat(of(Ec2Action.ASSIGN_PRIVATE_IP_ADDRESSES).perSecond()).isLessThan(5);
    }

    private long submit(Ec2Call<?> what, Priority priority) {
        assertThat(scheduler.submit(++calls, what, priority, now)).isEmpty();
        return calls;
    }

    /// Waits until the next call leaves, and answers it.
    private long one() {
        now = scheduler.dueNextAt(now).orElseThrow();
        List<ReadyCall> due = scheduler.due(now);
        assertThat(due).hasSize(1);
        scheduler.answered(due.getFirst().call(), now);
        return due.getFirst().call();
    }

    private void pass(long call) {
        assertThat(one()).isEqualTo(call);
    }

    private ActionBudget of(Ec2Action action) {
        return scheduler.snapshot(now).actions().stream()
                .filter(budget -> budget.action() == action)
                .findFirst()
                .orElseThrow();
    }

    /// One call every second.
    private RequestScheduler small(long seed) {
        BudgetSettings usual = BudgetSettings.ofShare(1);
        Map<Ec2Action, RequestBucket> small = new EnumMap<>(usual.buckets());
        small.replaceAll((_, _) -> new RequestBucket(1, 1));
        return new RequestScheduler(
                new BudgetSettings(
                        1,
                        small,
                        usual.priorityRules(),
                        usual.concurrencyMax(),
                        usual.reservedForPods(),
                        usual.queueLengthMax(),
                        usual.readAttemptsMax()),
                seed);
    }

    private static BudgetSettings roomy(BudgetSettings usual) {
        return new BudgetSettings(
                usual.share(),
                usual.buckets(),
                usual.priorityRules(),
                1_000,
                0,
                usual.queueLengthMax(),
                usual.readAttemptsMax());
    }

    private static Ec2Failure failure(Kind kind) {
        return new Ec2Failure(kind, "AssignPrivateIpAddresses", "eni-1", "RequestLimitExceeded", "", null);
    }
}
