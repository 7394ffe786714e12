package io.vpceni.eni.lifecycle;

import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.LinkPlan;
import io.vpceni.pool.AllocationError;
import io.vpceni.pool.Effect;
import io.vpceni.pool.EniId;
import io.vpceni.pool.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// What is wanted of EC2, the kernel and the pool, in order, and what each call that has not ended is for. All of it is
/// data: it can be listed. Mutable.
final class PendingOperations {

    /// A call that has not ended.
    ///
    /// @param asked when it was wanted
    record Pending(PendingOperation operation, Ec2Call<?> call, Instant asked) {}

    private final Timers timers = new Timers();
    private final SequencedMap<Long, Pending> pending = new LinkedHashMap<>();
    private List<EniEffect> effects = new ArrayList<>();
    private long nextCall = 1;
    private long nextLook = 1;

    /// A call can wait for its turn for half an hour, and longer where EC2 throttles.
    void ask(Ec2Call<?> call, Priority priority, PendingOperation operation, Instant now) {
        long number = nextCall;
        nextCall++;
        pending.put(number, new Pending(operation, call, now));
        effects.add(new EniEffect.Call(number, call, priority));
    }

    Optional<Pending> find(long call) {
        return Optional.ofNullable(pending.get(call));
    }

    /// @return empty when that call is not open
    Optional<Pending> conclude(long call) {
        return Optional.ofNullable(pending.remove(call));
    }

    /// The oldest first.
    List<PendingCall> list() {
        return pending.entrySet().stream()
                .map(entry -> new PendingCall(
                        entry.getKey(),
                        entry.getValue().operation().text(),
                        entry.getValue().operation().requests(),
                        entry.getValue().call().subject(),
                        entry.getValue().asked()))
                .toList();
    }

    void write(Intent intent) {
        effects.add(new EniEffect.Write(intent));
    }

    /// @param requests numbers of the pool's requests that it is for
    void setUp(LinkPlan link, List<Long> requests) {
        effects.add(new EniEffect.SetUpLink(link, requests));
    }

    /// @param requests numbers of the pool's requests that it is for
    void takeDown(EniId eni, List<Long> requests) {
        effects.add(new EniEffect.TakeDownLink(eni, requests));
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

    void fail(Effect.Request request, AllocationError error, String detail) {
        tell(new Message.RequestFailed(request.request(), error, detail));
    }

    void notice(EniNotice.Kind kind, String subject, String detail) {
        notice(kind, subject, detail, List.of());
    }

    /// @param requests numbers of the pool's requests that it belongs to
    void notice(EniNotice.Kind kind, String subject, String detail, List<Long> requests) {
        effects.add(new EniEffect.Noticed(new EniNotice(kind, subject, requests, detail)));
    }

    void later(DelayedOperation operation, Duration wait, Instant now) {
        timers.at(now.plus(wait), operation);
    }

    /// What is due, in order; it is the caller's to do.
    List<DelayedOperation> due(Instant now) {
        return timers.due(now);
    }

    Optional<Instant> nextTimer() {
        return timers.nextAt();
    }

    List<EniEffect> taken() {
        List<EniEffect> taken = effects;
        effects = new ArrayList<>();
        return taken;
    }
}
