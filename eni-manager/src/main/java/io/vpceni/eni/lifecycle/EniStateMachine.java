package io.vpceni.eni.lifecycle;

import io.vpceni.eni.AttachedEni;
import io.vpceni.eni.Ec2Answer;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.NodeIdentity;
import io.vpceni.eni.site.EniPlacements;
import io.vpceni.pool.AllocationError;
import io.vpceni.pool.Effect;
import io.vpceni.pool.EniId;
import io.vpceni.pool.NodeLimits;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/// All ENIs of this node: how far each is, and what comes next. Mutable, confined to its owner; it never waits and
/// knows no clock.
///
/// [#start] comes first, once.
public final class EniStateMachine {

    /// What is leaked costs addresses, not correctness.
    private static final int LOOKS_PER_CLEANUP = 10;

    private final PendingOperations operations = new PendingOperations();
    private final LifecycleSettings settings;
    private final NodeEnis nodeEnis;
    private final LinkSetup links;
    private final EniCreations creations;
    private final EniRemovals removals;
    private final BlockAssignment blocks;
    private final EniReconciler reconciler;
    private final LeakedEniCleanup cleanup;
    private final ResumedCreations resumed;

    private boolean terminating;
    private int looks;

    /// @param random client tokens, and when to clean up
    /// @param leadership whether this node cleans up for the cluster
    public EniStateMachine(
            NodeIdentity identity,
            NodeLimits limits,
            EniPlacements placements,
            LifecycleSettings settings,
            RandomGenerator random,
            Leadership leadership) {
        this.settings = settings;
        this.nodeEnis = new NodeEnis(identity, limits);
        this.links = new LinkSetup(operations, nodeEnis);
        this.removals = new EniRemovals(operations, nodeEnis, leadership);
        this.cleanup = new LeakedEniCleanup(operations, nodeEnis, removals, settings, random, leadership);
        this.creations = new EniCreations(operations, nodeEnis, placements, removals, links, random);
        this.blocks = new BlockAssignment(operations, nodeEnis, placements);
        this.reconciler = new EniReconciler(operations, nodeEnis, placements, links, settings.provisions());
        this.resumed = new ResumedCreations(operations, nodeEnis, removals);
    }

    /// ENIs whose creation was being undone when ipamd ended: they are taken away now and must not be told to
    /// the pool, nor given to [#start] as found.
    public static Set<EniId> notToBeUsed(List<Intent> open) {
        Set<EniId> ids = new HashSet<>();
        for (Intent intent : open) {
            if (intent instanceof Intent.Undoing undoing) {
                ids.add(undoing.eni());
            }
        }
        return ids;
    }

    /// Takes in what was found at start and resumes what an earlier process began.
    ///
    /// @param found all ENIs that are attached, without those of [#notToBeUsed]
    /// @param linked those of them whose link is set up and that the pool was told of
    /// @param open the last intent of each operation that did not end
    public List<EniEffect> start(List<AttachedEni> found, Set<EniId> linked, List<Intent> open, Instant now) {
        nodeEnis.startedAt = now;
        for (AttachedEni eni : found) {
            takeIn(eni, linked.contains(eni.id()), now);
        }
        if (settings.provisions()) {
            open.forEach(intent -> resumed.resume(intent, now));
            cleanup.start(now);
        }
        return operations.taken();
    }

    private void takeIn(AttachedEni found, boolean linked, Instant now) {
        NodeEni eni = NodeEni.foundAtStart(found.link(), found.blocks(), now);
        if (eni.isPrimary()) {
            nodeEnis.primarySubnet = Optional.of(found.subnet());
            eni.subnetId = Optional.of(nodeEnis.identity.subnetId());
        }
        nodeEnis.attached.put(eni.id, eni);
        if (linked) {
            eni.told = true;
        } else {
            links.failed(eni, "its link could not be set up at start", now);
        }
    }

    /// Takes one message and says what is to be done.
    public List<EniEffect> handle(EniMessage message, Instant now) {
        dispatch(message, now);
        operations.due(now).forEach(operation -> due(operation, now));
        return operations.taken();
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
            case EniMessage.KernelHolds(long look, Set<InetAddress> held) -> reconciler.kernelHolds(look, held, now);
            case EniMessage.KernelSilent(long look, String reason) -> reconciler.kernelSilent(look, reason);
            case EniMessage.Reconcile() -> look(now);
            case EniMessage.NodeEnds() -> terminating = true;
            case EniMessage.Tick() -> {}
        }
    }

    /// Numbers of the pool's requests that an open call is made for; empty when it serves none.
    public List<Long> requestsOf(long call) {
        return operations
                .find(call)
                .map(pending -> pending.operation().requests())
                .orElse(List.of());
    }

    private void look(Instant now) {
        reconciler.look(now);
        looks++;
        if (settings.provisions() && looks % LOOKS_PER_CLEANUP == 0) {
            cleanup.cleanUpOwn(now);
        }
    }

    private void concluded(long call, CallOutcome outcome, Instant now) {
        Optional<PendingOperations.Pending> pending = operations.conclude(call);
        if (pending.isEmpty()) {
            operations.notice(EniNotice.Kind.UNEXPECTED_ANSWER, "call " + call, "it was answered twice");
            return;
        }
        CallConclusion conclusion =
                new CallConclusion(pending.get().call(), outcome, pending.get().asked(), now);
        switch (pending.get().operation()) {
            case PendingOperation.OfCreation operation -> creations.concluded(operation, conclusion);
            case PendingOperation.OfRemoval operation -> removals.concluded(operation, conclusion);
            case PendingOperation.OfBlocks operation -> blocks.concluded(operation, conclusion);
            case PendingOperation.OfReconciler operation -> reconciler.concluded(operation, conclusion);
            case PendingOperation.OfCleanup operation -> cleanup.concluded(operation, conclusion);
            case PendingOperation.DescribeResumed operation -> resumed.concluded(operation, conclusion);
        }
    }

    private void due(DelayedOperation operation, Instant now) {
        switch (operation) {
            case DelayedOperation.OfCreation creation -> creations.due(creation, now);
            case DelayedOperation.DescribeRemovalLater(EniRemoval removal) -> removals.describe(removal, now);
            case DelayedOperation.DescribeAssignedLater assigned -> blocks.due(assigned, now);
            case DelayedOperation.SetUpLinkAgain link -> links.due(link, now);
            case DelayedOperation.OfCleanup own -> cleanup.due(own, now);
            case DelayedOperation.UndoUnlessAttached undo -> resumed.due(undo, now);
        }
    }

    private void wanted(Effect.Request request, boolean waiting, Instant now) {
        if (!settings.provisions() && !(request instanceof Effect.Verify)) {
            operations.fail(
                    request,
                    AllocationError.OTHER,
                    "this node changes nothing in EC2 (DISABLE_NETWORK_RESOURCE_PROVISIONING, ENABLE_IMDS_ONLY_MODE)");
            return;
        }
        switch (request) {
            case Effect.AssignBlocks assign -> blocks.assign(assign, waiting, now);
            case Effect.AddEni add -> creations.add(add, waiting, now);
            case Effect.Verify verify -> reconciler.verify(verify, now);
            case Effect.Unassign unassign -> {
                if (!isLeftToEc2(unassign)) {
                    blocks.unassign(unassign, now);
                }
            }
            case Effect.RemoveEni remove -> {
                if (!isLeftToEc2(remove)) {
                    removals.remove(remove, now);
                }
            }
        }
    }

    private boolean isLeftToEc2(Effect.Request request) {
        if (terminating) {
            operations.fail(request, AllocationError.OTHER, "this node is being terminated: EC2 takes everything back");
        }
        return terminating;
    }

    private void linkReady(EniId id, Instant now) {
        if (!creations.linkReady(id, now)) {
            nodeEnis.ready(id).ifPresent(eni -> links.ready(eni, now));
        }
    }

    private void linkFailed(EniId id, String reason, Instant now) {
        if (!creations.linkFailed(id, reason, now)) {
            nodeEnis.ready(id).ifPresent(eni -> links.failed(eni, reason, now));
        }
    }

    /// Whether a call whose turn has come is to leave: what it was wanted for may have changed while it waited.
    ///
    /// @param call of [EniEffect.Call]
    public boolean isStillWanted(long call, Instant now) {
        Optional<PendingOperations.Pending> pending = operations.find(call);
        return pending.isEmpty()
                || isStillWanted(pending.get().operation(), pending.get().asked(), now);
    }

    private boolean isStillWanted(PendingOperation pending, Instant asked, Instant now) {
        return switch (pending) {
            case PendingOperation.OfCreation operation -> creations.isStillWanted(operation);
            case PendingOperation.OfRemoval operation -> removals.isStillWanted(operation, asked, now);
            case PendingOperation.OfBlocks operation -> blocks.isStillWanted(operation);
            case PendingOperation.OfReconciler operation -> reconciler.isStillWanted(operation);
            case PendingOperation.OfCleanup operation -> cleanup.isStillWanted(operation, asked, now);
            case PendingOperation.DescribeResumed _ -> true;
        };
    }

    /// When a [EniMessage.Tick] is wanted; empty when only news can change anything.
    public Optional<Instant> lookAgainAt() {
        return operations.nextTimer();
    }

    /// All ENIs of this node: attached ones, those on their way in, those on their way out.
    public List<EniStatus> states() {
        List<EniStatus> states = new ArrayList<>();
        nodeEnis.attached.values().stream()
                .filter(eni -> !nodeEnis.removals.containsKey(eni.id))
                .forEach(eni -> states.add(eni.state()));
        nodeEnis.creations.forEach(creation -> states.add(creation.state()));
        nodeEnis.uncertain.forEach(creation -> states.add(creation.state()));
        nodeEnis.removals.values().forEach(removal -> states.add(removal.state()));
        return List.copyOf(states);
    }

    /// Calls to EC2 that have not ended, the oldest first.
    public List<PendingCall> pendingCalls() {
        return operations.list();
    }

    /// Whether the node is being terminated, as far as is known.
    public boolean isEnding() {
        return terminating;
    }
}
