package io.vpceni.lab.simulate.mutant;

import io.vpceni.config.DeviceSlot;
import io.vpceni.eni.ClientToken;
import io.vpceni.eni.Ec2Answer;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.Ec2Failure.Kind;
import io.vpceni.eni.InstanceId;
import io.vpceni.eni.lifecycle.EniMessage;
import io.vpceni.eni.lifecycle.Intent;
import io.vpceni.eni.model.SimulatedEc2;
import io.vpceni.eni.model.SimulatedEni;
import io.vpceni.lab.simulate.check.Invariant;
import io.vpceni.lab.simulate.port.CallView;
import io.vpceni.lab.simulate.port.EniMachineView;
import io.vpceni.lab.simulate.port.Mutant;
import io.vpceni.lab.simulate.port.PoolOutputView;
import io.vpceni.pool.Assignment;
import io.vpceni.pool.Effect;
import io.vpceni.pool.EniId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Mutants of the machine of ENIs: of its intents and its calls.
public final class EniMutants {
    private EniMutants() {}

    public static List<NamedMutant> all() {
        List<NamedMutant> all = new ArrayList<>(ofIntents());
        all.addAll(ofCalls());
        all.addAll(EniViewMutants.all());
        return all;
    }

    private static List<NamedMutant> ofIntents() {
        return List.of(
                new NamedMutant(
                        "no-intent-before-create",
                        Invariant.INTENT_FIRST,
                        "EC2 is asked to make an ENI and nothing on the disk says so",
                        () -> new Unwritten(Intent.Creating.class)),
                new NamedMutant(
                        "no-intent-before-attach",
                        Invariant.INTENT_FIRST,
                        "an ENI is attached and the disk does not know its id",
                        () -> new Unwritten(Intent.Attaching.class)),
                new NamedMutant(
                        "no-intent-before-detach",
                        Invariant.INTENT_FIRST,
                        "an ENI is detached and nothing on the disk says so",
                        () -> new Unwritten(Intent.Detaching.class)),
                new NamedMutant(
                        "another-token-the-second-time",
                        Invariant.INTENT_FIRST,
                        "a create whose answer was lost is asked again with another token",
                        AnotherToken::new),
                new NamedMutant(
                        "undo-forgotten",
                        Invariant.NOTHING_LEAKS,
                        "a birth that came to nothing is written off and its ENI stays",
                        UndoForgotten::new),
                new NamedMutant(
                        "intents-not-read-at-start",
                        Invariant.NOTHING_LEAKS,
                        "a start does not look at what was begun before",
                        IntentsNotRead::new),
                new NamedMutant(
                        "lost-create-taken-for-refused",
                        Invariant.NOTHING_LEAKS,
                        "no answer to a create counts as a refusal",
                        () -> new LostIsRefused(Ec2Call.Create.class)));
    }

    private static List<NamedMutant> ofCalls() {
        return List.of(
                new NamedMutant(
                        "delete-on-termination-forgotten",
                        Invariant.NOTHING_LEAKS,
                        "no ENI is made to go with its instance",
                        DeleteOnTerminationForgotten::new),
                new NamedMutant(
                        "lost-attach-taken-for-undone",
                        Invariant.NOTHING_LEAKS,
                        "an ENI whose attachment was not answered is taken to be gone",
                        LostAttachIsGone::new),
                new NamedMutant(
                        "device-index-reused",
                        Invariant.WITHIN_LIMITS,
                        "every third ENI is attached at the index of one that is there",
                        IndexReused::new),
                new NamedMutant(
                        "attach-sent-twice",
                        Invariant.WITHIN_LIMITS,
                        "an attachment goes out twice before it is answered",
                        AttachedTwice::new),
                new NamedMutant(
                        "detach-without-proof",
                        Invariant.NEVER_RELEASED_IN_USE,
                        "when the pool asks for proof an ENI is removed for which there is none",
                        NoProof::new),
                new NamedMutant(
                        "gives-back-at-the-end",
                        Invariant.NEVER_RELEASED_IN_USE,
                        "nobody says that the node is being terminated, and what is idle is given back",
                        EndNotHeard::new));
    }

    // ---- intents

    private static final class Unwritten extends Mutant {
        private final Class<? extends Intent> kind;

        private Unwritten(Class<? extends Intent> kind) {
            this.kind = kind;
        }

        @Override
        public List<Intent> intents(List<Intent> intents) {
            return intents.stream().filter(intent -> !kind.isInstance(intent)).toList();
        }
    }

    private static final class AnotherToken extends Mutant {
        private final Set<ClientToken> used = new HashSet<>();

        @Override
        public void call(long number, Ec2Call<?> call, CallView port, Calls onwards) {
            boolean again = call instanceof Ec2Call.Create create && !used.add(create.clientToken());
            onwards.call(
                    number,
                    again && call instanceof Ec2Call.Create create
                            ? new Ec2Call.Create(create.request(), new ClientToken(create.clientToken() + "b"))
                            : call);
        }
    }

    private static final class UndoForgotten extends Mutant {
        @Override
        public List<Intent> intents(List<Intent> intents) {
            return intents.stream()
                    .map(intent -> intent instanceof Intent.Undoing(ClientToken token, EniId _, Instant at)
                            ? new Intent.Undone(token, at)
                            : intent)
                    .toList();
        }
    }

    private static final class IntentsNotRead extends Mutant {
        @Override
        public List<Intent> intentsRead(List<Intent> open) {
            return List.of();
        }
    }

    // ---- calls

    /// Knows what each call was about.
    private static class Listener extends Mutant {
        private final Map<Long, Ec2Call<?>> calls = new HashMap<>();

        @Override
        public List<Intent> intentsRead(List<Intent> open) {
            calls.clear(); // numbers begin anew
            return open;
        }

        @Override
        public void call(long number, Ec2Call<?> call, CallView port, Calls onwards) {
            calls.put(number, call);
            onwards.call(number, call);
        }

        Optional<Ec2Call<?>> of(long number) {
            return Optional.ofNullable(calls.get(number));
        }
    }

    private static final class LostIsRefused extends Listener {
        private final Class<? extends Ec2Call<?>> kind;

        private LostIsRefused(Class<? extends Ec2Call<?>> kind) {
            this.kind = kind;
        }

        @Override
        public void hears(EniMessage message, EniMachineView port, Consumer<EniMessage> onwards) {
            boolean lost = message instanceof EniMessage.Failed(long call, Ec2Failure failure)
                    && failure.kind() == Kind.OUTCOME_UNKNOWN
                    && of(call).filter(kind::isInstance).isPresent();
            onwards.accept(
                    lost && message instanceof EniMessage.Failed(long call, Ec2Failure _)
                            ? new EniMessage.Failed(
                                    call, SimulatedEc2.failure(of(call).orElseThrow(), Kind.OTHER, "Refused"))
                            : message);
        }
    }

    private static final class DeleteOnTerminationForgotten extends Mutant {
        private final Set<Long> instead = new HashSet<>();

        @Override
        public void call(long number, Ec2Call<?> call, CallView port, Calls onwards) {
            if (call instanceof Ec2Call.DeleteOnTermination modify) {
                instead.add(number);
                onwards.call(number, new Ec2Call.OneEni(modify.eni()));
            } else {
                instead.remove(number);
                onwards.call(number, call);
            }
        }

        @Override
        public void hears(EniMessage message, EniMachineView port, Consumer<EniMessage> onwards) {
            onwards.accept(
                    message instanceof EniMessage.Answered(long call, Ec2Answer _) && instead.contains(call)
                            ? new EniMessage.Answered(call, new Ec2Answer.Done())
                            : message);
        }
    }

    private static final class LostAttachIsGone extends Listener {
        private final Set<EniId> gone = new HashSet<>();
        private int count;

        @Override
        public void hears(EniMessage message, EniMachineView port, Consumer<EniMessage> onwards) {
            EniMessage heard = message;
            if (message instanceof EniMessage.Answered(long call, Ec2Answer.AttachedAs _)
                    && of(call).orElse(null) instanceof Ec2Call.Attach attach
                    && ++count % 3 == 0) { // the answer is lost
                gone.add(attach.eni());
                heard = new EniMessage.Failed(call, SimulatedEc2.failure(attach, Kind.OTHER, "Refused"));
            } else if (message instanceof EniMessage.Answered(long call, Ec2Answer.Enis _)
                    && of(call).orElse(null) instanceof Ec2Call.OneEni one
                    && gone.contains(one.eni())) {
                heard = new EniMessage.Failed(call, SimulatedEc2.failure(one, Kind.NOT_FOUND, "NotFound"));
            }
            onwards.accept(heard);
        }
    }

    private static final class IndexReused extends Mutant {
        private int count;

        @Override
        public void call(long number, Ec2Call<?> call, CallView port, Calls onwards) {
            if (call instanceof Ec2Call.Attach(EniId eni, InstanceId instance, DeviceSlot slot) && ++count % 3 == 0) {
                Optional<SimulatedEni> there = port.enis().stream()
                        .filter(other -> other.card() == slot.networkCard() && port.isLinkReady(other.id()))
                        .findFirst();
                if (there.isPresent()) {
                    onwards.call(
                            number,
                            new Ec2Call.Attach(
                                    eni,
                                    instance,
                                    new DeviceSlot(
                                            slot.networkCard(), there.get().index())));
                    return;
                }
            }
            onwards.call(number, call);
        }
    }

    private static final class AttachedTwice extends Mutant {
        @Override
        public void call(long number, Ec2Call<?> call, CallView port, Calls onwards) {
            onwards.call(number, call);
            if (call instanceof Ec2Call.Attach) {
                onwards.call(number, call);
            }
        }
    }

    private static final class NoProof extends Mutant {
        private long number = 1L << 40;

        @Override
        public void request(Effect.Request request, PoolOutputView port, Consumer<Effect.Request> onwards) {
            onwards.accept(request);
            if (request instanceof Effect.Verify) {
                port.wired().stream()
                        .map(Assignment::eni)
                        .filter(eni ->
                                port.eni(eni).filter(there -> !there.primary()).isPresent())
                        .findFirst()
                        .ifPresent(eni -> port.submit(new Effect.RemoveEni(number++, eni)));
            }
        }
    }

    private static final class EndNotHeard extends Mutant {
        @Override
        public void hears(EniMessage message, EniMachineView port, Consumer<EniMessage> onwards) {
            if (!(message instanceof EniMessage.NodeEnds)) {
                onwards.accept(message);
            }
        }
    }
}
