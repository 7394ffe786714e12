package io.vpceni.lab.simulate;

import io.vpceni.eni.Ec2Answer;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Eni;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.Ec2Failure.Kind;
import io.vpceni.eni.EniLabels;
import io.vpceni.eni.life.EniMessage;
import io.vpceni.eni.life.Intent;
import io.vpceni.eni.life.LinkPlan;
import io.vpceni.pool.Effect;
import io.vpceni.pool.Eni;
import io.vpceni.pool.EniId;
import io.vpceni.pool.EniRole;
import io.vpceni.pool.GrowthObstacle;
import io.vpceni.pool.Message;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// Sabotages of the machine of ENIs: of its intents, its calls, what it hears and what it tells.
final class EniSabotages {
    private EniSabotages() {}

    static List<NamedSabotage> all() {
        List<NamedSabotage> all = new ArrayList<>(ofIntents());
        all.addAll(ofCalls());
        all.addAll(ofViews());
        return all;
    }

    private static List<NamedSabotage> ofIntents() {
        return List.of(
                new NamedSabotage(
                        "no-intent-before-create",
                        Invariant.INTENT_FIRST,
                        "EC2 is asked to make an ENI and nothing on the disk says so",
                        () -> new Unwritten(Intent.Creating.class)),
                new NamedSabotage(
                        "no-intent-before-attach",
                        Invariant.INTENT_FIRST,
                        "an ENI is attached and the disk does not know its id",
                        () -> new Unwritten(Intent.Attaching.class)),
                new NamedSabotage(
                        "no-intent-before-detach",
                        Invariant.INTENT_FIRST,
                        "an ENI is detached and nothing on the disk says so",
                        () -> new Unwritten(Intent.Detaching.class)),
                new NamedSabotage(
                        "another-token-the-second-time",
                        Invariant.INTENT_FIRST,
                        "a create whose answer was lost is asked again with another token",
                        AnotherToken::new),
                new NamedSabotage(
                        "undo-forgotten",
                        Invariant.NOTHING_LEAKS,
                        "a birth that came to nothing is written off and its ENI stays",
                        UndoForgotten::new),
                new NamedSabotage(
                        "intents-not-read-at-start",
                        Invariant.NOTHING_LEAKS,
                        "a start does not look at what was begun before",
                        IntentsNotRead::new),
                new NamedSabotage(
                        "lost-create-taken-for-refused",
                        Invariant.NOTHING_LEAKS,
                        "no answer to a create counts as a refusal",
                        () -> new LostIsRefused(Ec2Call.Create.class)));
    }

    private static List<NamedSabotage> ofCalls() {
        return List.of(
                new NamedSabotage(
                        "delete-on-termination-forgotten",
                        Invariant.NOTHING_LEAKS,
                        "no ENI is made to go with its instance",
                        DeleteOnTerminationForgotten::new),
                new NamedSabotage(
                        "lost-attach-taken-for-undone",
                        Invariant.NOTHING_LEAKS,
                        "an ENI whose attachment was not answered is taken to be gone",
                        LostAttachIsGone::new),
                new NamedSabotage(
                        "device-index-reused",
                        Invariant.WITHIN_LIMITS,
                        "every third ENI is attached at the index of one that is there",
                        IndexReused::new),
                new NamedSabotage(
                        "attach-sent-twice",
                        Invariant.WITHIN_LIMITS,
                        "an attachment goes out twice before it is answered",
                        AttachedTwice::new),
                new NamedSabotage(
                        "detach-without-proof",
                        Invariant.NEVER_RELEASED_IN_USE,
                        "an ENI that the pool wants to ask about is removed at once",
                        NoProof::new),
                new NamedSabotage(
                        "gives-back-at-the-end",
                        Invariant.NEVER_RELEASED_IN_USE,
                        "nobody says that the node is being terminated, and what is idle is given back",
                        EndNotHeard::new));
    }

    private static List<NamedSabotage> ofViews() {
        return List.of(
                new NamedSabotage(
                        "sweep-too-young",
                        Invariant.ONLY_OURS,
                        "ENIs that other nodes are about to attach count as left over",
                        TooYoung::new),
                new NamedSabotage(
                        "unmanaged-put-right",
                        Invariant.ONLY_OURS,
                        "the tag that says whose an ENI is is not looked at",
                        TagNotSeen::new),
                new NamedSabotage(
                        "old-view-believed",
                        Invariant.OLD_VIEWS,
                        "a view counts as if it had been asked for when it came",
                        OldViewBelieved::new),
                new NamedSabotage(
                        "absence-believed-at-once",
                        Invariant.OLD_VIEWS,
                        "an ENI that views do not show while it is new is lost",
                        NewOnesHidden::new),
                new NamedSabotage(
                        "link-not-waited-for",
                        Invariant.ASSIGNED_IS_OWNED,
                        "pods get addresses of an ENI whose link is not there yet",
                        LinkNotAwaited::new));
    }

    // ---- intents

    private static final class Unwritten extends Sabotage {
        private final Class<? extends Intent> kind;

        private Unwritten(Class<? extends Intent> kind) {
            this.kind = kind;
        }

        @Override
        List<Intent> intents(List<Intent> intents, World world) {
            return intents.stream().filter(intent -> !kind.isInstance(intent)).toList();
        }
    }

    private static final class AnotherToken extends Sabotage {
        private final Set<String> used = new HashSet<>();

        @Override
        void call(long number, Ec2Call call, World world, Calls onwards) {
            boolean again = call instanceof Ec2Call.Create create && !used.add(create.clientToken());
            onwards.call(
                    number,
                    again && call instanceof Ec2Call.Create create
                            ? new Ec2Call.Create(create.request(), create.clientToken() + "b")
                            : call);
        }
    }

    private static final class UndoForgotten extends Sabotage {
        @Override
        List<Intent> intents(List<Intent> intents, World world) {
            return intents.stream()
                    .map(intent -> intent instanceof Intent.Undoing(String token, EniId _, Instant at)
                            ? new Intent.Undone(token, at)
                            : intent)
                    .toList();
        }
    }

    private static final class IntentsNotRead extends Sabotage {
        @Override
        List<Intent> intentsRead(List<Intent> open, World world) {
            return List.of();
        }
    }

    // ---- calls

    /// Knows what each call was about.
    private static class Listener extends Sabotage {
        private final Map<Long, Ec2Call> calls = new HashMap<>();

        @Override
        List<Intent> intentsRead(List<Intent> open, World world) {
            calls.clear(); // numbers begin anew
            return open;
        }

        @Override
        void call(long number, Ec2Call call, World world, Calls onwards) {
            calls.put(number, call);
            onwards.call(number, call);
        }

        Optional<Ec2Call> of(long number) {
            return Optional.ofNullable(calls.get(number));
        }
    }

    private static final class LostIsRefused extends Listener {
        private final Class<? extends Ec2Call> kind;

        private LostIsRefused(Class<? extends Ec2Call> kind) {
            this.kind = kind;
        }

        @Override
        void hears(EniMessage message, World world, Consumer<EniMessage> onwards) {
            boolean lost = message instanceof EniMessage.Failed(long call, Ec2Failure failure)
                    && failure.kind() == Kind.OUTCOME_UNKNOWN
                    && of(call).filter(kind::isInstance).isPresent();
            onwards.accept(
                    lost && message instanceof EniMessage.Failed(long call, Ec2Failure _)
                            ? new EniMessage.Failed(call, SimApi.failure(of(call).orElseThrow(), Kind.OTHER, "Refused"))
                            : message);
        }
    }

    private static final class DeleteOnTerminationForgotten extends Sabotage {
        private final Set<Long> instead = new HashSet<>();

        @Override
        void call(long number, Ec2Call call, World world, Calls onwards) {
            if (call instanceof Ec2Call.DeleteOnTermination modify) {
                instead.add(number);
                onwards.call(number, new Ec2Call.OneEni(modify.eni()));
            } else {
                instead.remove(number);
                onwards.call(number, call);
            }
        }

        @Override
        void hears(EniMessage message, World world, Consumer<EniMessage> onwards) {
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
        void hears(EniMessage message, World world, Consumer<EniMessage> onwards) {
            EniMessage heard = message;
            if (message instanceof EniMessage.Answered(long call, Ec2Answer.AttachedAs _)
                    && of(call).orElse(null) instanceof Ec2Call.Attach attach
                    && ++count % 3 == 0) { // the answer is lost
                gone.add(attach.eni());
                heard = new EniMessage.Failed(call, SimApi.failure(attach, Kind.OTHER, "Refused"));
            } else if (message instanceof EniMessage.Answered(long call, Ec2Answer.Enis _)
                    && of(call).orElse(null) instanceof Ec2Call.OneEni one
                    && gone.contains(one.eni())) {
                heard = new EniMessage.Failed(call, SimApi.failure(one, Kind.NOT_FOUND, "NotFound"));
            }
            onwards.accept(heard);
        }
    }

    private static final class IndexReused extends Sabotage {
        private int count;

        @Override
        void call(long number, Ec2Call call, World world, Calls onwards) {
            if (call instanceof Ec2Call.Attach(EniId eni, String instance, int card, int _) && ++count % 3 == 0) {
                Optional<SimEni> there = world.ec2().enis().stream()
                        .filter(other -> other.card() == card && world.links().isReady(other.id()))
                        .findFirst();
                if (there.isPresent()) {
                    onwards.call(
                            number,
                            new Ec2Call.Attach(eni, instance, card, there.get().index()));
                    return;
                }
            }
            onwards.call(number, call);
        }
    }

    private static final class AttachedTwice extends Sabotage {
        @Override
        void call(long number, Ec2Call call, World world, Calls onwards) {
            onwards.call(number, call);
            if (call instanceof Ec2Call.Attach) {
                onwards.call(number, call);
            }
        }
    }

    private static final class NoProof extends Sabotage {
        private final Set<Long> instead = new HashSet<>();

        @Override
        void request(Effect.Request request, World world, Consumer<Effect.Request> onwards) {
            if (request instanceof Effect.Verify(long number, EniId eni)
                    && world.ec2().eni(eni).filter(there -> !there.primary()).isPresent()) {
                instead.add(number);
                onwards.accept(new Effect.RemoveEni(number, eni));
            } else {
                onwards.accept(request);
            }
        }

        @Override
        void tells(Message message, World world, Consumer<Message> onwards) {
            onwards.accept(
                    message instanceof Message.EniRemoved(long number) && instead.remove(number)
                            ? new Message.RequestFailed(number, GrowthObstacle.OTHER, "it is gone")
                            : message);
        }
    }

    private static final class EndNotHeard extends Sabotage {
        @Override
        void hears(EniMessage message, World world, Consumer<EniMessage> onwards) {
            if (!(message instanceof EniMessage.NodeEnds)) {
                onwards.accept(message);
            }
        }
    }

    // ---- views

    private static Ec2Eni withTags(Ec2Eni eni, Map<String, String> tags) {
        return new Ec2Eni(
                eni.id(),
                eni.subnetId(),
                eni.mac(),
                eni.primaryAddress(),
                eni.blocks(),
                eni.interfaceType(),
                eni.description(),
                tags,
                eni.groups(),
                eni.attachment());
    }

    private static EniMessage changed(EniMessage message, UnaryOperator<Ec2Eni> change) {
        return message instanceof EniMessage.Answered(long call, Ec2Answer.Enis(List<Ec2Eni> enis))
                ? new EniMessage.Answered(
                        call, new Ec2Answer.Enis(enis.stream().map(change).toList()))
                : message;
    }

    private static final class TooYoung extends Sabotage {
        @Override
        void hears(EniMessage message, World world, Consumer<EniMessage> onwards) {
            onwards.accept(changed(message, eni -> {
                Map<String, String> tags = new TreeMap<>(eni.tags());
                tags.computeIfPresent(EniLabels.CREATED_AT, (_, _) -> World.START.toString());
                return withTags(eni, tags);
            }));
        }
    }

    private static final class TagNotSeen extends Sabotage {
        @Override
        void hears(EniMessage message, World world, Consumer<EniMessage> onwards) {
            onwards.accept(changed(message, eni -> {
                Map<String, String> tags = new TreeMap<>(eni.tags());
                tags.remove(EniLabels.NO_MANAGE);
                return withTags(eni, tags);
            }));
        }

        @Override
        void tells(Message message, World world, Consumer<Message> onwards) {
            if (message instanceof Message.EniReady(long request, Eni eni, var blocks)
                    && world.ec2()
                            .eni(eni.id())
                            .filter(there -> there.role() == EniRole.UNMANAGED)
                            .isPresent()) {
                onwards.accept(new Message.EniReady(
                        request,
                        new Eni(
                                eni.id(),
                                eni.networkCard(),
                                eni.deviceIndex(),
                                eni.primary(),
                                eni.slots(),
                                EniRole.UNMANAGED),
                        blocks));
            } else if (!(message instanceof Message.EniRoleIs)) {
                onwards.accept(message);
            }
        }
    }

    private static final class OldViewBelieved extends Sabotage {
        @Override
        void tells(Message message, World world, Consumer<Message> onwards) {
            onwards.accept(
                    message instanceof Message.Ec2View view
                            ? new Message.Ec2View(world.now(), view.blocks())
                            : message);
        }
    }

    private static final class NewOnesHidden extends Sabotage {
        @Override
        void hears(EniMessage message, World world, Consumer<EniMessage> onwards) {
            onwards.accept(
                    message instanceof EniMessage.Answered(long call, Ec2Answer.Enis(List<Ec2Eni> enis))
                            ? new EniMessage.Answered(
                                    call,
                                    new Ec2Answer.Enis(enis.stream()
                                            .filter(eni -> !isYoung(eni, world))
                                            .toList()))
                            : message);
        }

        private static boolean isYoung(Ec2Eni eni, World world) {
            return world.links().isReady(eni.id())
                    && world.ec2()
                            .eni(eni.id())
                            .filter(there -> there.createdAt().plusSeconds(600).isAfter(world.now()))
                            .isPresent();
        }
    }

    private static final class LinkNotAwaited extends Sabotage {
        @Override
        void link(LinkPlan link, World world, Consumer<LinkPlan> onwards) {
            world.hearNext(new EniMessage.LinkReady(link.id()));
        }
    }
}
