package io.vpceni.lab.simulate.node;

import io.vpceni.eni.Ec2Action;
import io.vpceni.eni.Ec2Answer;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.lifecycle.EniMessage;
import io.vpceni.lab.simulate.check.Checker;
import io.vpceni.lab.simulate.context.Owners;
import io.vpceni.lab.simulate.context.RunContext;
import io.vpceni.lab.simulate.context.SimulatedFault;
import io.vpceni.lab.simulate.ec2.FaultyEc2;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Calls that EC2 has not answered yet, looks at the kernel, and answers on their way.
public final class CallsUnderWay {
    private static final int REPEATS_MAX = 4;
    private static final int LATE_MILLIS_MAX = 30_000;
    private static final long NOBODYS = 1_000_000_007L;

    /// Whose answer comes that nobody waits for.
    private enum Stray {
        REQUEST,
        CALL,
        KERNEL
    }

    private static final class PendingAnswer {
        private final long number;

        /// Null: a look at the kernel.
        private final @Nullable Ec2Call<?> call;

        private @Nullable EniMessage outcome;
        private Instant arrives = Instant.MIN;

        private PendingAnswer(long number, @Nullable Ec2Call<?> call) {
            this.number = number;
            this.call = call;
        }
    }

    private final RunContext run;
    private final FaultyEc2 api;
    private final Checker checker;
    private final Owners owners;
    private final WaitingRequests requests;
    private final SimViews views;
    private final SimLeadership leadership;
    private final Supplier<Set<InetAddress>> held;
    private final Runnable crash;
    private final List<PendingAnswer> pending = new ArrayList<>();
    private final List<EniMessage> repeats = new ArrayList<>();

    /// What was asked, for answers that come again.
    private final Map<Long, Instant> asked = new HashMap<>();

    public CallsUnderWay(
            RunContext run,
            FaultyEc2 api,
            Checker checker,
            Owners owners,
            WaitingRequests requests,
            SimViews views,
            SimLeadership leadership,
            Supplier<Set<InetAddress>> held,
            Runnable crash) {
        this.run = run;
        this.api = api;
        this.checker = checker;
        this.owners = owners;
        this.requests = requests;
        this.views = views;
        this.leadership = leadership;
        this.held = held;
        this.crash = crash;
    }

    /// A call leaves the node.
    public void submit(long number, Ec2Call<?> call) {
        run.coverage().call(call);
        run.note("calls EC2 " + number + ": " + call);
        checker.enis().leaves(number, call, requests.open());
        if (checker.enis().isClusterCleanUp(call)) {
            leadership.cleansUp(call);
        }
        asked.put(number, run.now());
        pending.add(new PendingAnswer(number, call));
    }

    public void askKernel(long look) {
        pending.add(new PendingAnswer(look, null));
    }

    /// Whether nothing can go on before time passes.
    public boolean isEmpty() {
        return ready().isEmpty();
    }

    private List<PendingAnswer> ready() {
        return pending.stream()
                .filter(answer -> !answer.arrives.isAfter(run.now()))
                .toList();
    }

    public List<String> open() {
        return pending.stream()
                .map(answer -> answer.call == null ? "the kernel" : answer.call.toString())
                .toList();
    }

    /// When the next of the answers that take their time arrives.
    public Instant next() {
        Instant next = Instant.MAX;
        for (PendingAnswer answer : pending) {
            if (answer.arrives.isAfter(run.now()) && answer.arrives.isBefore(next)) {
                next = answer.arrives;
            }
        }
        return next;
    }

    /// Whether an answer that took its time is there now.
    public boolean isDue() {
        for (PendingAnswer answer : pending) {
            if (answer.arrives.isAfter(Instant.MIN) && !answer.arrives.isAfter(run.now())) {
                return true;
            }
        }
        return false;
    }

    public void quiescent() {
        pending.forEach(answer -> answer.arrives = Instant.MIN);
    }

    /// EC2 or the kernel does something, or an answer arrives.
    public void goOn() {
        if (!repeats.isEmpty() && run.occurs(SimulatedFault.REPEATED_ANSWER)) {
            owners.hear(repeats.get(run.choices().of(repeats.size())));
            return;
        }
        if (run.occurs(SimulatedFault.STRAY_ANSWER)) {
            stray();
            return;
        }
        List<PendingAnswer> ready = ready();
        if (ready.isEmpty()) {
            return;
        }
        int place = 0;
        if (ready.size() > 1 && run.occurs(SimulatedFault.REORDERED_ANSWER)) {
            place = 1 + run.choices().of(ready.size() - 1);
        }
        PendingAnswer answer = ready.get(place);
        if (answer.outcome == null && !carryOut(answer)) {
            return;
        }
        arrive(answer);
    }

    /// @return whether the answer is there
    private boolean carryOut(PendingAnswer answer) {
        answer.outcome = outcome(answer);
        if (crashes(SimulatedFault.CRASH_AFTER_CALL, answer)) {
            return false;
        }
        if (run.occurs(SimulatedFault.LATE_ANSWER)) {
            answer.arrives = run.now().plusMillis(1 + run.choices().of(LATE_MILLIS_MAX));
            return false;
        }
        return run.isQuiescent() || run.choices().of(4) != 3; // else it takes a moment
    }

    private EniMessage outcome(PendingAnswer answer) {
        Ec2Call<?> call = answer.call;
        if (call == null) {
            return run.occurs(SimulatedFault.VIEW_FAILED)
                    ? new EniMessage.KernelSilent(answer.number, "the kernel does not tell")
                    : new EniMessage.KernelHolds(answer.number, held.get());
        }
        try {
            return new EniMessage.Answered(answer.number, api.perform(call));
        } catch (Ec2Failure failure) {
            return new EniMessage.Failed(answer.number, failure);
        }
    }

    private boolean crashes(SimulatedFault fault, PendingAnswer answer) {
        Ec2Call<?> call = answer.call;
        if (call == null || !isStep(call.action()) || !run.occurs(fault)) {
            return false;
        }
        checker.intents().stepOf(call).ifPresent(intent -> run.coverage().crash(fault, intent));
        crash.run();
        return true;
    }

    private void arrive(PendingAnswer answer) {
        EniMessage outcome = answer.outcome;
        pending.remove(answer);
        if (outcome == null) {
            throw new IllegalStateException("there is no answer yet");
        }
        if (repeats.size() == REPEATS_MAX) {
            repeats.removeFirst();
        }
        if (outcome instanceof EniMessage.Answered) { // a call that failed may be made again under its number
            repeats.add(outcome);
        }
        if (outcome instanceof EniMessage.Answered(long _, Ec2Answer.Enis(var enis))
                && answer.call instanceof Ec2Call.EnisOf) {
            views.answered(asked.getOrDefault(answer.number, run.now()), enis);
        }
        asked.remove(answer.number);
        if (answer.call != null && isOfCleanUp(answer.call.action())) {
            leadership.change();
        }
        checker.enis().arrives(outcome, run.now());
        if (owners.hear(outcome)) {
            var _ = crashes(SimulatedFault.CRASH_AFTER_ANSWER, answer);
        }
    }

    private void stray() {
        switch (run.choices().oneOf(Stray.values())) {
            case REQUEST -> requests.stray();
            case CALL -> owners.hear(new EniMessage.Answered(NOBODYS, new Ec2Answer.Done()));
            case KERNEL -> owners.hear(new EniMessage.KernelHolds(NOBODYS, Set.of()));
        }
    }

    /// ipamd is dead: what was sent is done or not, and nobody hears of it.
    public void abandon() {
        for (PendingAnswer answer : pending) {
            if (answer.call != null && answer.outcome == null && run.choices().of(2) == 1) {
                var _ = outcome(answer);
            }
        }
        pending.clear();
        repeats.clear();
        asked.clear();
    }

    /// Whether a call of that action may be one of a clean-up's.
    private static boolean isOfCleanUp(Ec2Action action) {
        return switch (action) {
            case DESCRIBE_NETWORK_INTERFACES, DELETE_NETWORK_INTERFACE, CREATE_TAGS -> true;
            case DESCRIBE_INSTANCE_TYPES,
                    DESCRIBE_SUBNETS,
                    CREATE_NETWORK_INTERFACE,
                    ATTACH_NETWORK_INTERFACE,
                    MODIFY_NETWORK_INTERFACE_ATTRIBUTE,
                    DETACH_NETWORK_INTERFACE,
                    ASSIGN_PRIVATE_IP_ADDRESSES,
                    UNASSIGN_PRIVATE_IP_ADDRESSES,
                    ASSIGN_IPV6_ADDRESSES,
                    UNASSIGN_IPV6_ADDRESSES -> false;
        };
    }

    /// Whether a call of that action does something that has to be finished or undone.
    private static boolean isStep(Ec2Action action) {
        return switch (action) {
            case CREATE_NETWORK_INTERFACE,
                    ATTACH_NETWORK_INTERFACE,
                    MODIFY_NETWORK_INTERFACE_ATTRIBUTE,
                    DETACH_NETWORK_INTERFACE,
                    DELETE_NETWORK_INTERFACE -> true;
            case DESCRIBE_INSTANCE_TYPES,
                    DESCRIBE_NETWORK_INTERFACES,
                    DESCRIBE_SUBNETS,
                    ASSIGN_PRIVATE_IP_ADDRESSES,
                    UNASSIGN_PRIVATE_IP_ADDRESSES,
                    ASSIGN_IPV6_ADDRESSES,
                    UNASSIGN_IPV6_ADDRESSES,
                    CREATE_TAGS -> false;
        };
    }
}
