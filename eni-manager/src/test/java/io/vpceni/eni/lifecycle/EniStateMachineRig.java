package io.vpceni.eni.lifecycle;

import io.vpceni.config.Cidr;
import io.vpceni.config.EniSettings;
import io.vpceni.config.MacAddress;
import io.vpceni.eni.AttachedEni;
import io.vpceni.eni.Ec2Action;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Eni;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.EniAttachment;
import io.vpceni.eni.FakeEc2;
import io.vpceni.eni.InstanceId;
import io.vpceni.eni.LinkPlan;
import io.vpceni.eni.NodeIdentity;
import io.vpceni.eni.SubnetId;
import io.vpceni.eni.VpcId;
import io.vpceni.eni.site.EniPlacements;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.Effect;
import io.vpceni.pool.EniId;
import io.vpceni.pool.Message;
import io.vpceni.pool.NodeLimits;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/// A node whose EC2 is a [FakeEc2] that answers at once, whose links come at once unless told otherwise, and whose time
/// passes when it is told to.
final class EniStateMachineRig {

    static final InstanceId INSTANCE = new InstanceId("i-0123456789abcdef0");
    static final Instant START = Instant.parse("2026-11-21T12:00:00Z");

    final FakeEc2 ec2;
    final List<Message> told = new ArrayList<>();
    final List<Intent> intents = new ArrayList<>();
    final List<EniNotice> notices = new ArrayList<>();
    final List<Ec2Call<?>> calls = new ArrayList<>();
    final List<List<Long>> linkRequests = new ArrayList<>();
    final Set<EniId> linksDown = new HashSet<>();
    final Set<InetAddress> held = new HashSet<>();

    /// Which calls wait for their turn.
    Predicate<Ec2Action> waits = _ -> false;

    /// Those that do.
    private final Deque<EniEffect.Call> waiting = new ArrayDeque<>();

    /// Links that do not come.
    boolean linksFail;

    private final EniStateMachine works;
    private Instant now = START;
    private long nextRequest = 1;

    EniStateMachineRig(FakeEc2 ec2, List<Intent> open) {
        this(ec2, open, EniSettings.defaults().withoutDiscovery());
    }

    EniStateMachineRig(FakeEc2 ec2, List<Intent> open, EniSettings settings) {
        this(ec2, open, settings, LifecycleSettings.from(settings));
    }

    EniStateMachineRig(FakeEc2 ec2, List<Intent> open, LifecycleSettings settings) {
        this(ec2, open, EniSettings.defaults().withoutDiscovery(), settings);
    }

    private EniStateMachineRig(FakeEc2 ec2, List<Intent> open, EniSettings settings, LifecycleSettings life) {
        this.ec2 = ec2;
        NodeIdentity identity = identity();
        this.works = new EniStateMachine(
                identity,
                new NodeLimits(3, 4),
                new EniPlacements(settings, identity, _ -> Optional.empty()),
                life,
                new SplittableRandom(7),
                Leadership.NONE);
        List<AttachedEni> found = ec2.all().stream()
                .filter(eni -> eni.attachment() != null
                        && Objects.requireNonNull(eni.attachment()).state() == EniAttachment.State.ATTACHED)
                .filter(eni -> !EniStateMachine.notToBeUsed(open).contains(eni.id()))
                .map(EniStateMachineRig::attached)
                .toList();
        Set<EniId> linked = new HashSet<>(found.stream().map(AttachedEni::id).toList());
        carryOut(works.start(found, linked, open, now));
    }

    static NodeIdentity identity() {
        return new NodeIdentity(
                INSTANCE,
                "m5.large",
                new VpcId("vpc-1"),
                "us-east-1",
                new SubnetId("subnet-1"),
                "us-east-1a",
                List.of("sg-1"),
                List.of(Cidr.parse("10.0.0.0/16")),
                new MacAddress(0x02aa_0000_0001L),
                InetAddress.ofLiteral("10.0.0.10"));
    }

    static FakeEc2 ec2() {
        return new FakeEc2(FakeEc2.Style.EC2).withEni(INSTANCE, 0, 0);
    }

    private static AttachedEni attached(Ec2Eni eni) {
        EniAttachment tie = Objects.requireNonNull(eni.attachment());
        return new AttachedEni(
                new LinkPlan(
                        eni.id(),
                        Objects.requireNonNull(eni.mac()),
                        tie.slot(),
                        eni.role(),
                        Objects.requireNonNull(eni.primaryAddress()),
                        Cidr.parse("10.0.0.0/16")),
                eni.blocks());
    }

    EniId primary() {
        return ec2.all().getFirst().id();
    }

    /// The last one that EC2 made.
    Ec2Eni youngest() {
        return ec2.all().getLast();
    }

    long add(int count) {
        long request = nextRequest++;
        hear(new EniMessage.Wanted(new Effect.AddEni(request, 0, BlockKind.ADDRESS, count), false));
        return request;
    }

    long assign(EniId eni, int count) {
        long request = nextRequest++;
        hear(new EniMessage.Wanted(new Effect.AssignBlocks(request, eni, BlockKind.ADDRESS, count), false));
        return request;
    }

    long unassign(EniId eni, List<Cidr> blocks) {
        long request = nextRequest++;
        hear(new EniMessage.Wanted(new Effect.Unassign(request, eni, blocks), false));
        return request;
    }

    long remove(EniId eni) {
        long request = nextRequest++;
        hear(new EniMessage.Wanted(new Effect.RemoveEni(request, eni), false));
        return request;
    }

    long verify(EniId eni) {
        long request = nextRequest++;
        hear(new EniMessage.Wanted(new Effect.Verify(request, eni), false));
        return request;
    }

    void look() {
        hear(new EniMessage.Reconcile());
    }

    void hear(EniMessage message) {
        carryOut(works.handle(message, now));
    }

    /// Lets time pass; what waits for its time is done.
    void pass(Duration duration) {
        Instant until = now.plus(duration);
        while (true) {
            Optional<Instant> next = works.lookAgainAt().filter(at -> !at.isAfter(until));
            if (next.isEmpty()) {
                break;
            }
            now = next.get().isAfter(now) ? next.get() : now;
            hear(new EniMessage.Tick());
        }
        now = until;
    }

    List<PendingCall> pending() {
        return works.pendingCalls();
    }

    List<EniPhase> stages() {
        return works.states().stream().map(EniStatus::phase).toList();
    }

    /// What was told of a request, at last.
    Message outcome(long request) {
        return told.stream()
                .filter(message -> switch (message) {
                    case Message.EniReady ready -> ready.request() == request;
                    case Message.BlocksAdded added -> added.request() == request;
                    case Message.RequestFailed failed -> failed.request() == request;
                    case Message.Verified verified -> verified.request() == request;
                    case Message.Unassigned unassigned -> unassigned.request() == request;
                    case Message.EniRemoved removed -> removed.request() == request;
                    default -> false;
                })
                .reduce((_, _) -> {
                    throw new IllegalStateException("told twice of " + request);
                })
                .orElseThrow(() -> new IllegalStateException("nothing told of " + request + ": " + told));
    }

    boolean isTold(long request) {
        try {
            outcome(request);
            return true;
        } catch (IllegalStateException _) {
            return false;
        }
    }

    private void carryOut(List<EniEffect> effects) {
        Deque<EniEffect> todo = new ArrayDeque<>(effects);
        while (!todo.isEmpty()) {
            switch (todo.remove()) {
                case EniEffect.Write(Intent intent) -> intents.add(intent);
                case EniEffect.Call call when waits.test(call.what().action()) -> waiting.add(call);
                case EniEffect.Call(long call, Ec2Call<?> what, Priority _) -> todo.addAll(called(call, what));
                case EniEffect.SetUpLink(LinkPlan link, List<Long> requests) -> {
                    linkRequests.add(requests);
                    todo.addAll(works.handle(
                            linksFail
                                    ? new EniMessage.LinkFailed(link.id(), "no link came")
                                    : new EniMessage.LinkReady(link.id()),
                            now));
                }
                case EniEffect.TakeDownLink(EniId eni, List<Long> requests) -> {
                    linksDown.add(eni);
                    linkRequests.add(requests);
                }
                case EniEffect.AskKernel(long look) ->
                    todo.addAll(works.handle(new EniMessage.KernelHolds(look, held), now));
                case EniEffect.Tell(Message message) -> told.add(message);
                case EniEffect.Noticed(EniNotice notice) -> notices.add(notice);
            }
        }
    }

    /// It is the turn of those that wait.
    void turnComes() {
        waits = _ -> false;
        for (EniEffect.Call call : List.copyOf(waiting)) {
            waiting.remove();
            carryOut(
                    works.isStillWanted(call.call(), now)
                            ? called(call.call(), call.what())
                            : works.handle(new EniMessage.Failed(call.call(), Ec2Failure.withdrawn(call.what())), now));
        }
    }

    private List<EniEffect> called(long call, Ec2Call<?> what) {
        calls.add(what);
        try {
            return works.handle(new EniMessage.Answered(call, ec2.perform(what)), now);
        } catch (Ec2Failure failure) {
            return works.handle(new EniMessage.Failed(call, failure), now);
        }
    }
}
