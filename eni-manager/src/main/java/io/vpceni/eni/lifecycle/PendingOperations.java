package io.vpceni.eni.lifecycle;

import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.pool.AllocationError;
import io.vpceni.pool.Effect;
import io.vpceni.pool.EniId;
import io.vpceni.pool.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What is wanted of the outside, in order, and what goes on when it is answered. Mutable.
final class PendingOperations {

    private record Open(Callback reply, Instant asked, Predicate<Instant> stillWanted) {}

    private final Timers timers = new Timers();
    private final Map<Long, Open> open = new HashMap<>();
    private List<EniEffect> effects = new ArrayList<>();
    private long nextCall = 1;
    private long nextLook = 1;

    void ask(Ec2Call call, Priority priority, Instant now, Callback reply) {
        ask(call, priority, now, _ -> true, reply);
    }

    /// A call can wait for its turn for half an hour, and longer where EC2 throttles.
    ///
    /// @param stillWanted asked when its turn has come, with that time; if not, the call does not leave and the
    ///     reply gets a failure of kind `UNAVAILABLE`
    void ask(Ec2Call call, Priority priority, Instant now, Predicate<Instant> stillWanted, Callback reply) {
        long number = nextCall;
        nextCall++;
        open.put(number, new Open(reply, now, stillWanted));
        effects.add(new EniEffect.Call(number, call, priority));
    }

    /// Whether a call whose turn has come is to leave.
    boolean isStillWanted(long call, Instant now) {
        @Nullable Open here = open.get(call);
        return here == null || here.stillWanted().test(now);
    }

    /// @return whether that call was open
    boolean concluded(long call, CallOutcome outcome, Instant now) {
        @Nullable Open here = open.remove(call);
        if (here == null) {
            return false;
        }
        here.reply().take(outcome, here.asked(), now);
        return true;
    }

    void write(Intent intent) {
        effects.add(new EniEffect.Write(intent));
    }

    void setUp(LinkPlan link) {
        effects.add(new EniEffect.SetUpLink(link));
    }

    void takeDown(EniId eni) {
        effects.add(new EniEffect.TakeDownLink(eni));
    }

    long askKernel() {
        long look = nextLook;
        nextLook++;
        effects.add(new EniEffect.AskKernel(look));
        return look;
    }

    void tell(Message message) {
        effects.add(new EniEffect.Tell(message));
    }

    void fail(Effect.Request request, AllocationError obstacle, String detail) {
        tell(new Message.RequestFailed(request.request(), obstacle, detail));
    }

    void notice(EniNotice.Kind kind, String subject, String text) {
        effects.add(new EniEffect.Noticed(new EniNotice(kind, subject, text)));
    }

    void later(Duration wait, Instant now, Consumer<Instant> then) {
        timers.at(now.plus(wait), then);
    }

    void runTimers(Instant now) {
        timers.run(now);
    }

    Optional<Instant> nextTimer() {
        return timers.nextAt();
    }

    int callsOpen() {
        return open.size();
    }

    List<EniEffect> taken() {
        List<EniEffect> taken = effects;
        effects = new ArrayList<>();
        return taken;
    }

    /// An answer of another kind than the call's: as good as none.
    static Ec2Failure misfit(Ec2Call call, CallOutcome outcome) {
        return switch (outcome) {
            case CallOutcome.Failure(Ec2Failure failure) -> failure;
            case CallOutcome.Answer(var answer) ->
                new Ec2Failure(
                        Ec2Failure.Kind.OUTCOME_UNKNOWN,
                        call.action().apiName(),
                        call.subject(),
                        "",
                        "the answer is " + answer.getClass().getSimpleName(),
                        null);
        };
    }
}
