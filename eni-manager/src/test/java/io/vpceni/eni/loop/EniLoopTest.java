package io.vpceni.eni.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.eni.Ec2Answer;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.LinkPlan;
import io.vpceni.eni.budget.BudgetSettings;
import io.vpceni.eni.budget.RequestScheduler;
import io.vpceni.eni.lifecycle.EniEffect;
import io.vpceni.eni.lifecycle.EniMessage;
import io.vpceni.eni.lifecycle.EniNotice;
import io.vpceni.eni.lifecycle.Intent;
import io.vpceni.eni.lifecycle.Priority;
import io.vpceni.pool.Effect;
import io.vpceni.pool.EniId;
import io.vpceni.pool.Message;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The loop with decisions that each test makes up.
class EniLoopTest implements EniLoop.Works, EniLoop.Intents, EniLoop.Outside {
    private static final Instant NOW = Instant.parse("2026-11-21T15:00:00Z");
    private static final EniId ENI = new EniId("eni-0123456789abcdef0");
    private static final Intent DELETING = new Intent.Deleting(ENI, NOW);
    private static final Intent DELETED = new Intent.Deleted(ENI, NOW);

    private final List<String> happened = new ArrayList<>();
    private final List<EniMessage> heard = new ArrayList<>();
    private final Queue<Function<EniMessage, List<EniEffect>>> script = new ArrayDeque<>();
    private boolean diskFull;
    private boolean changedItsMind;
    private @Nullable Runnable duringTell;
    private @Nullable Instant worksLookAgainAt;
    private final EniLoop loop = new EniLoop(this, new RequestScheduler(BudgetSettings.ofShare(1), 1), this, this);

    @Test
    void writes_the_intents_of_one_decision_in_one_append_before_ec2_is_asked() {
        decides(new EniEffect.Write(DELETED), call(1), new EniEffect.Write(DELETING));

        loop.take(new EniMessage.Reconcile(), NOW);

        assertThat(happened).containsExactly("write Deleted Deleting", "call 1");
    }

    @Test
    void fails_the_calls_whose_intent_cannot_be_written_as_never_sent() {
        diskFull = true;
        decides(new EniEffect.Write(DELETING), call(1), new EniEffect.TakeDownLink(ENI, List.of()));

        loop.take(new EniMessage.Reconcile(), NOW);

        assertThat(happened).containsExactly("take down");
        assertThat(heard).hasSize(2);
        EniMessage.Failed failed = (EniMessage.Failed) heard.getLast();
        assertThat(failed.call()).isEqualTo(1);
        assertThat(failed.failure().kind()).isEqualTo(Ec2Failure.Kind.UNAVAILABLE);
        assertThat(failed.failure())
                .hasMessage("ec2:DeleteNetworkInterface of " + ENI
                        + ": not asked: what it is to do cannot be written down first: disk" + " full");
    }

    @Test
    void calls_without_an_intent_leave_though_the_disk_is_full() {
        diskFull = true;
        decides(call(1));

        loop.take(new EniMessage.Reconcile(), NOW);

        assertThat(happened).containsExactly("call 1");
    }

    @Test
    void a_disk_that_stays_full_does_not_hold_the_loop() {
        diskFull = true;
        for (int i = 1; i <= 1_000; i++) {
            decides(new EniEffect.Write(DELETING), call(i));
        }

        loop.take(new EniMessage.Reconcile(), NOW);

        assertThat(heard).hasSize(1 + EniLoop.UNSENT_ROUNDS_MAX);
        Instant again = loop.lookAgainAt(NOW).orElseThrow();
        assertThat(again).isEqualTo(NOW.plus(EniLoop.UNSENT_PAUSE));
        loop.take(new EniMessage.Tick(), NOW.plusMillis(1));
        assertThat(heard).hasSize(2 + EniLoop.UNSENT_ROUNDS_MAX);
        diskFull = false;
        loop.take(new EniMessage.Tick(), again);
        assertThat(happened).contains("write Deleting").contains("call 67");
    }

    @Test
    void a_call_that_nobody_wants_any_more_does_not_leave_when_its_turn_comes() {
        decides(call(1));
        loop.take(new EniMessage.Reconcile(), NOW);
        loop.take(new EniMessage.Failed(1, throttled()), NOW);
        happened.clear();
        heard.clear();
        changedItsMind = true;

        loop.take(new EniMessage.Tick(), NOW.plusSeconds(60));

        assertThat(happened).isEmpty();
        EniMessage.Failed failed = (EniMessage.Failed) heard.getLast();
        assertThat(failed.failure().kind()).isEqualTo(Ec2Failure.Kind.UNAVAILABLE);
        assertThat(failed.failure()).hasMessageContaining("what it was for has changed while it waited");
        assertThat(loop.budget(NOW.plusSeconds(60)).waiting()).isZero();
        assertThat(loop.budget(NOW.plusSeconds(60)).underWay()).isZero();
    }

    @Test
    void hands_answers_and_last_failures_to_the_works() {
        decides(call(1), call(2));
        loop.take(new EniMessage.Reconcile(), NOW);

        EniMessage.Answered answered = new EniMessage.Answered(1, new Ec2Answer.Done());
        EniMessage.Failed failed = new EniMessage.Failed(2, denied());
        loop.take(answered, NOW);
        loop.take(failed, NOW);

        assertThat(heard).containsExactly(new EniMessage.Reconcile(), answered, failed);
    }

    @Test
    void wraps_what_the_pool_wants() {
        Effect.Request request = new Effect.RemoveEni(7, ENI);

        loop.take(new EniMessage.Wanted(request, true), NOW);

        assertThat(heard).containsExactly(new EniMessage.Wanted(request, true));
    }

    @Test
    void what_comes_from_within_is_taken_when_the_work_is_done() {
        Effect.Request more = new Effect.RemoveEni(8, ENI);
        duringTell = () -> {
            loop.take(new EniMessage.Wanted(more, false), NOW);
            happened.add("requested");
        };
        decides(new EniEffect.Tell(new Message.EniRemoved(7)), new EniEffect.TakeDownLink(ENI, List.of()));
        decides(call(1));

        loop.take(new EniMessage.Reconcile(), NOW);

        assertThat(happened).containsExactly("requested", "tell", "take down", "call 1");
        assertThat(heard).containsExactly(new EniMessage.Reconcile(), new EniMessage.Wanted(more, false));
    }

    @Test
    void wakes_when_the_works_want_to() {
        worksLookAgainAt = NOW.plusSeconds(5);

        assertThat(loop.lookAgainAt(NOW)).contains(NOW.plusSeconds(5));
    }

    @Test
    void sleeps_when_nobody_wants_anything() {
        assertThat(loop.lookAgainAt(NOW)).isEmpty();
    }

    private void decides(EniEffect... effects) {
        script.add(_ -> List.of(effects));
    }

    private static EniEffect call(long call) {
        return new EniEffect.Call(call, new Ec2Call.Delete(ENI), Priority.CLEAN_UP);
    }

    private static Ec2Failure throttled() {
        return new Ec2Failure(
                Ec2Failure.Kind.THROTTLED, "DeleteNetworkInterface", ENI.value(), "RequestLimitExceeded", "", null);
    }

    private static Ec2Failure denied() {
        return new Ec2Failure(
                Ec2Failure.Kind.UNAUTHORIZED, "DeleteNetworkInterface", ENI.value(), "UnauthorizedOperation", "", null);
    }

    @Override
    public List<EniEffect> handle(EniMessage message, Instant now) {
        heard.add(message);
        Function<EniMessage, List<EniEffect>> next = script.poll();
        return next == null ? List.of() : next.apply(message);
    }

    @Override
    public boolean isStillWanted(long call, Instant now) {
        return !changedItsMind;
    }

    @Override
    public Optional<Instant> lookAgainAt() {
        return Optional.ofNullable(worksLookAgainAt);
    }

    @Override
    public void append(List<Intent> intents) throws IOException {
        if (diskFull) {
            throw new IOException("disk full");
        }
        StringBuilder text = new StringBuilder("write");
        intents.forEach(intent -> text.append(' ').append(intent.getClass().getSimpleName()));
        happened.add(text.toString());
    }

    @Override
    public void call(long call, Ec2Call<?> what, List<Long> requests) {
        happened.add("call " + call);
    }

    @Override
    public void setUpLink(LinkPlan link, List<Long> requests) {
        happened.add("set up");
    }

    @Override
    public void takeDownLink(EniId eni, List<Long> requests) {
        happened.add("take down");
    }

    @Override
    public void askKernel(long look) {
        happened.add("ask kernel");
    }

    @Override
    public void tell(Message message) {
        if (duringTell != null) {
            duringTell.run();
        }
        happened.add("tell");
    }

    @Override
    public void noticed(EniNotice notice) {
        happened.add("noticed");
    }
}
