package io.vpceni.lab.simulate;

import io.vpceni.pool.Effect;
import io.vpceni.pool.GrowthObstacle;
import io.vpceni.pool.Message;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Requests that EC2 has not answered yet, and answers on their way.
final class CallsUnderWay {
    private static final int REPEATS_MAX = 4;

    private static final class Call {
        private final Effect.Request request;
        private final Instant asked;
        private @Nullable Message outcome;

        private Call(Effect.Request request, Instant asked) {
            this.request = request;
            this.asked = asked;
        }
    }

    private final World world;
    private final List<Call> calls = new ArrayList<>();
    private final List<Message> repeats = new ArrayList<>();

    private long writes;

    CallsUnderWay(World world) {
        this.world = world;
    }

    void submit(Effect.Request request) {
        world.checker().requested(request);
        calls.add(new Call(request, world.now()));
    }

    /// Answers so far that say that something changed in EC2.
    long writes() {
        return writes;
    }

    boolean isEmpty() {
        return calls.isEmpty();
    }

    boolean addsAnEni() {
        return calls.stream().anyMatch(call -> call.request instanceof Effect.AddEni);
    }

    List<Effect.Request> requests() {
        return calls.stream().map(call -> call.request).toList();
    }

    /// EC2 does something, or an answer arrives.
    void goOn() {
        if (!repeats.isEmpty() && world.accident(Fault.REPEATED_ANSWER)) {
            world.deliver(repeats.get(world.choices().of(repeats.size())));
            return;
        }
        if (world.accident(Fault.STRAY_ANSWER)) {
            stray();
            return;
        }
        if (calls.isEmpty()) {
            return;
        }
        int place = 0;
        if (calls.size() > 1 && world.accident(Fault.REORDERED_ANSWER)) {
            place = 1 + world.choices().of(calls.size() - 1);
        }
        Call call = calls.get(place);
        if (call.outcome == null) {
            call.outcome = world.cloud().carryOut(call.request, call.asked);
            if (!world.isCalm() && world.choices().of(4) == 3) {
                return; // the answer takes its time
            }
        }
        calls.remove(call);
        arrive(call.request, call.outcome);
    }

    private void arrive(Effect.Request request, Message outcome) {
        if (repeats.size() == REPEATS_MAX) {
            repeats.removeFirst();
        }
        repeats.add(outcome);
        world.checker().outcome(request, outcome);
        boolean changed = !(outcome instanceof Message.RequestFailed) && !(outcome instanceof Message.Verified);
        writes += changed ? 1 : 0;
        world.deliver(outcome);
    }

    private void stray() {
        switch (world.choices().of(3)) {
            case 0 -> world.deliver(new Message.RequestFailed(1_000_000_007L, GrowthObstacle.OTHER, "nobody asked"));
            case 1 -> world.deliver(new Message.Unassigned(1_000_000_007L));
            default -> {
                Optional<SimEc2.SimEni> eni = world.ec2().enis().stream().findFirst();
                eni.ifPresent(there -> world.deliver(
                        new Message.BlocksAdded(1_000_000_007L, there.id(), List.copyOf(there.blocks()))));
            }
        }
    }

    /// ipamd is dead: what was sent is done or not, and nobody hears of it.
    void abandon() {
        for (Call call : calls) {
            if (call.outcome == null && world.choices().of(2) == 1) {
                var _ = world.cloud().carryOut(call.request, call.asked);
            }
            world.checker().abandoned(call.request);
        }
        calls.clear();
        repeats.clear();
    }
}
