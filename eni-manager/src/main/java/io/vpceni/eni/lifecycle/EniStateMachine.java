package io.vpceni.eni.lifecycle;

import io.vpceni.eni.AttachedEni;
import io.vpceni.eni.Ec2Answer;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Eni;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.EniAttachment;
import io.vpceni.eni.NodeIdentity;
import io.vpceni.eni.site.EniPlacements;
import io.vpceni.pool.AllocationError;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.Effect;
import io.vpceni.pool.EniId;
import io.vpceni.pool.Lag;
import io.vpceni.pool.NodeLimits;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.random.RandomGenerator;

/// All ENIs of this node: who is where in its life, and what comes next. Mutable, confined to its owner; it never
/// waits and knows no clock.
///
/// [#start] comes first, once.
public final class EniStateMachine {

    /// What is left over costs addresses, not correctness.
    private static final int LOOKS_PER_SWEEP = 10;

    private final PendingOperations errands = new PendingOperations();
    private final LifecycleSettings settings;
    private final NodeEnis lives;
    private final LinkSetup links;
    private final EniCreations births;
    private final EniRemovals departures;
    private final BlockAssignment blocks;
    private final EniReconciler looks;
    private final LeakedEniCleanup sweeps;

    private boolean ending;
    private int looked;

    /// @param random client tokens, and when to sweep
    public EniStateMachine(
            NodeIdentity identity,
            NodeLimits limits,
            EniPlacements sites,
            LifecycleSettings settings,
            RandomGenerator random) {
        this(identity, limits, sites, settings, random, Leadership.NONE);
    }

    /// @param random client tokens, and when to clean up
    /// @param leadership whether this node cleans up for the cluster
    public EniStateMachine(
            NodeIdentity identity,
            NodeLimits limits,
            EniPlacements sites,
            LifecycleSettings settings,
            RandomGenerator random,
            Leadership leadership) {
        this.settings = settings;
        this.lives = new NodeEnis(identity, limits);
        this.links = new LinkSetup(errands, lives);
        this.departures = new EniRemovals(errands, lives);
        this.sweeps = new LeakedEniCleanup(errands, lives, departures, settings, random, leadership);
        this.births = new EniCreations(errands, lives, sites, departures, links, sweeps, random);
        this.blocks = new BlockAssignment(errands, lives, sites);
        this.looks = new EniReconciler(errands, lives, sites, links, settings.provisions());
    }

    /// ENIs whose birth was being undone when ipamd ended: they are taken away now and must not be told to the
    /// pool, nor given to [#start] as found.
    public static Set<EniId> notToBeUsed(List<Intent> open) {
        Set<EniId> ids = new HashSet<>();
        for (Intent intent : open) {
            if (intent instanceof Intent.Undoing undoing) {
                ids.add(undoing.eni());
            }
        }
        return ids;
    }

    /// Takes in what was found at start and goes on with what an earlier life began.
    ///
    /// @param found all ENIs that are attached, without those of [#notToBeUsed]
    /// @param linked those of them whose link is set up and that the pool was told of
    /// @param open the last intent of each work that did not end
    public List<EniEffect> start(List<AttachedEni> found, Set<EniId> linked, List<Intent> open, Instant now) {
        lives.startedAt = now;
        for (AttachedEni eni : found) {
            if (eni.primary()) {
                lives.primarySubnet = eni.subnet();
            }
            LinkPlan plan = new LinkPlan(
                    eni.id(),
                    eni.mac(),
                    eni.networkCard(),
                    eni.deviceIndex(),
                    eni.primary(),
                    eni.role(),
                    eni.primaryAddress(),
                    eni.subnet());
            NodeEni life =
                    new NodeEni(plan, new KnownBlocks(eni.primaryAddress(), eni.blocks(), now), EniPhase.READY, now);
            life.found = eni.blocks();
            life.sinceStart = true;
            life.subnetId = eni.primary() ? identity().subnetId() : "";
            lives.attached.put(life.id, life);
            if (linked.contains(life.id)) {
                life.told = true;
            } else {
                links.failed(life, "its link could not be set up at start", now);
            }
        }
        if (settings.provisions()) {
            open.forEach(intent -> goOn(intent, now));
            sweeps.start(now);
        }
        return errands.taken();
    }

    private NodeIdentity identity() {
        return lives.identity;
    }

    private void goOn(Intent intent, Instant now) {
        switch (intent) {
            case Intent.Creating(String token, String _, int card, int _, Instant _) -> {
                EniCreation phantom =
                        new EniCreation(new Effect.AddEni(0, card, BlockKind.ADDRESS, 0), 0, Priority.WARM, now);
                phantom.token = token;
                phantom.deviceIndex = OptionalInt.empty();
                phantom.to(EniPhase.CREATION_UNCERTAIN, now);
                lives.births.add(phantom);
            }
            case Intent.Attaching(String token, EniId eni, Instant _) -> begun(token, eni, now);
            case Intent.SettingDeleteOnTermination(String token, EniId eni, String _, Instant _) ->
                begun(token, eni, now);
            case Intent.Undoing(String token, EniId eni, Instant _) -> departures.goOn(eni, token, now);
            case Intent.Detaching(EniId eni, String _, Instant _) -> leaving(eni, now);
            case Intent.Deleting(EniId eni, Instant _) -> leaving(eni, now);
            case Intent.Added _, Intent.Undone _, Intent.Deleted _, Intent.Kept _ -> {}
        }
    }

    /// Attached after all: it is kept. What it lacks, the looks put right.
    ///
    /// One that is not found may be attached all the same, with pods on it: the view of the start may be older.
    /// It is looked at again when views must show it; a look at all ENIs takes it in then.
    private void begun(String token, EniId eni, Instant now) {
        if (lives.attached.containsKey(eni)) {
            errands.write(new Intent.Added(token, eni, now));
        } else {
            errands.later(Lag.MAX, now, then -> undoUnlessAttached(token, eni, then));
        }
    }

    private void undoUnlessAttached(String token, EniId eni, Instant now) {
        if (lives.attached.containsKey(eni)) {
            errands.write(new Intent.Added(token, eni, now));
            return;
        }
        if (lives.departures.containsKey(eni)) { // a sweep found it first
            errands.write(new Intent.Undone(token, now));
            return;
        }
        Ec2Call call = new Ec2Call.OneEni(eni);
        errands.ask(call, Priority.CLEAN_UP, now, (outcome, _, then) -> {
            boolean seen = outcome instanceof CallOutcome.Answer(Ec2Answer.Enis(var enis)) && enis.size() == 1;
            boolean attached = outcome instanceof CallOutcome.Answer(Ec2Answer.Enis(var enis))
                    && enis.size() == 1
                    && isAttachedHere(enis.getFirst());
            boolean gone = !seen && PendingOperations.misfit(call, outcome).kind() == Ec2Failure.Kind.NOT_FOUND;
            boolean known = lives.attached.containsKey(eni) || lives.departures.containsKey(eni);
            if (known || attached || !(seen || gone)) {
                errands.later(RetryDelay.LONG.most(), then, again -> undoUnlessAttached(token, eni, again));
            } else {
                departures.undo(eni, token, null, null, then);
            }
        });
    }

    private boolean isAttachedHere(Ec2Eni eni) {
        EniAttachment tie = eni.attachment();
        return tie != null
                && tie.instanceId().equals(lives.instanceId())
                && tie.state() == EniAttachment.State.ATTACHED;
    }

    /// Still attached: nothing is known any more of who uses it, so it stays until the pool asks again.
    private void leaving(EniId eni, Instant now) {
        if (lives.attached.containsKey(eni)) {
            errands.write(new Intent.Kept(eni, now));
        } else {
            departures.goOn(eni, "", now);
        }
    }

    /// Takes one message and says what is to be done.
    public List<EniEffect> handle(EniMessage message, Instant now) {
        dispatch(message, now);
        errands.runTimers(now);
        return errands.taken();
    }

    private void dispatch(EniMessage message, Instant now) {
        switch (message) {
            case EniMessage.Wanted(Effect.Request request, boolean waiting) -> wanted(request, waiting, now);
            case EniMessage.Answered(long call, Ec2Answer answer) ->
                concluded(call, new CallOutcome.Answer(answer), now);
            case EniMessage.Failed(long call, Ec2Failure failure) ->
                concluded(call, new CallOutcome.Failure(failure), now);
            case EniMessage.LinkReady(EniId eni) -> linkReady(eni, now);
            case EniMessage.LinkFailed(EniId eni, String reason) -> linkFailed(eni, reason, now);
            case EniMessage.KernelHolds(long look, Set<InetAddress> held) -> looks.kernelHolds(look, held, now);
            case EniMessage.KernelSilent(long look, String reason) -> looks.kernelSilent(look, reason);
            case EniMessage.Look() -> {
                looks.look(now);
                looked++;
                if (settings.provisions() && looked % LOOKS_PER_SWEEP == 0) {
                    sweeps.own(now);
                }
            }
            case EniMessage.NodeEnds() -> ending = true;
            case EniMessage.Tick() -> {}
        }
    }

    private void concluded(long call, CallOutcome outcome, Instant now) {
        if (!errands.concluded(call, outcome, now)) {
            errands.notice(EniNotice.Kind.UNEXPECTED_ANSWER, "call " + call, "Call " + call + " was answered twice");
        }
    }

    private void wanted(Effect.Request request, boolean waiting, Instant now) {
        if (!settings.provisions() && !(request instanceof Effect.Verify)) {
            errands.fail(
                    request,
                    AllocationError.OTHER,
                    "this node changes nothing in EC2 (DISABLE_NETWORK_RESOURCE_PROVISIONING, ENABLE_IMDS_ONLY_MODE)");
            return;
        }
        switch (request) {
            case Effect.AssignBlocks assign -> blocks.assign(assign, waiting, now);
            case Effect.AddEni add -> births.wish(add, waiting, now);
            case Effect.Verify verify -> looks.verify(verify, now);
            case Effect.Unassign unassign -> {
                if (!stays(unassign)) {
                    blocks.unassign(unassign, now);
                }
            }
            case Effect.RemoveEni remove -> {
                if (!stays(remove)) {
                    departures.wish(remove, now);
                }
            }
        }
    }

    private boolean stays(Effect.Request request) {
        if (ending) {
            errands.fail(request, AllocationError.OTHER, "this node is being terminated: EC2 takes everything back");
        }
        return ending;
    }

    private void linkReady(EniId eni, Instant now) {
        lives.linking(eni)
                .ifPresentOrElse(
                        birth -> births.linkReady(birth, now),
                        () -> lives.ready(eni).ifPresent(life -> links.ready(life, now)));
    }

    private void linkFailed(EniId eni, String reason, Instant now) {
        lives.linking(eni)
                .ifPresentOrElse(
                        birth -> births.linkFailed(birth, reason, now),
                        () -> lives.ready(eni).ifPresent(life -> links.failed(life, reason, now)));
    }

    /// Whether a call whose turn has come is to leave: what it was wanted for may have changed while it waited.
    ///
    /// @param call of [EniEffect.Call]
    public boolean isStillWanted(long call, Instant now) {
        return errands.isStillWanted(call, now);
    }

    /// When a [EniMessage.Tick] is wanted; empty when only news can change anything.
    public Optional<Instant> lookAgainAt() {
        return errands.nextTimer();
    }

    /// All ENIs that are in a life here, by name.
    public List<EniStatus> states() {
        List<EniStatus> states = new ArrayList<>();
        lives.attached.values().stream()
                .filter(life -> !lives.departures.containsKey(life.id))
                .forEach(life -> states.add(life.state()));
        lives.births.forEach(birth -> states.add(birth.state()));
        lives.departures.values().forEach(departure -> states.add(departure.state()));
        return List.copyOf(states);
    }

    /// Whether the node is being terminated, as far as is known.
    public boolean isEnding() {
        return ending;
    }
}
