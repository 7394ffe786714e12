package io.vpceni.eni.lifecycle;

import io.vpceni.config.Cidr;
import io.vpceni.config.DeviceSlot;
import io.vpceni.eni.AttachmentId;
import io.vpceni.eni.ClientToken;
import io.vpceni.eni.Ec2Answer;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Eni;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.Ec2Failure.Kind;
import io.vpceni.eni.EniAttachment;
import io.vpceni.eni.EniRequest;
import io.vpceni.eni.LinkPlan;
import io.vpceni.eni.SubnetId;
import io.vpceni.eni.lifecycle.PendingOperation.AttachedAs;
import io.vpceni.eni.site.EniPlacement;
import io.vpceni.eni.site.EniPlacements;
import io.vpceni.pool.AllocationError;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.Effect;
import io.vpceni.pool.EniId;
import io.vpceni.pool.EniRole;
import io.vpceni.pool.Message;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// How an ENI comes: created with its blocks, attached, made to go with its instance, its link set up. Several at once.
/// One whose creation fails is taken away again by [EniRemovals].
final class EniCreations {

    /// A create whose answer was lost is asked again with the same token, which gives the same ENI.
    private static final int CREATE_TRIES_MAX = 3;

    /// Setting delete-on-termination is tried so often here; after that each look at EC2 tries it.
    private static final int DELETE_ON_TERMINATION_TRIES_MAX = 4;

    /// An ENI that is not attached by then is taken away: other nodes take one that is five minutes old for a leak.
    static final Duration UNATTACHED_MAX = Duration.ofMinutes(4);

    /// Of one creation. More subnets than that are not full together.
    private static final int PLACEMENTS_TRIED_MAX = 8;

    /// Creations of which nobody knows whether EC2 carried them out; more would be blind.
    private static final int UNCERTAIN_MAX = 4;

    private static final int TOKEN_BYTES = 16;

    private final PendingOperations operations;
    private final NodeEnis nodeEnis;
    private final EniPlacements placements;
    private final EniRemovals removals;
    private final LinkSetup links;
    private final RandomGenerator random;

    private final List<EniCreation> waitForSubnets = new ArrayList<>();
    private boolean subnetsAsked;

    EniCreations(
            PendingOperations operations,
            NodeEnis nodeEnis,
            EniPlacements placements,
            EniRemovals removals,
            LinkSetup links,
            RandomGenerator random) {
        this.operations = operations;
        this.nodeEnis = nodeEnis;
        this.placements = placements;
        this.removals = removals;
        this.links = links;
        this.random = random;
    }

    void add(Effect.AddEni request, boolean waiting, Instant now) {
        int uncertain = nodeEnis.uncertain.size();
        if (uncertain >= UNCERTAIN_MAX) {
            operations.fail(
                    request,
                    AllocationError.OUTCOME_UNKNOWN,
                    "EC2's answers about " + uncertain + " new ENIs were lost; no more are created until EC2 shows"
                            + " whether these exist");
            return;
        }
        Optional<DeviceSlot> slot = nodeEnis.freeSlot(request.networkCard());
        if (slot.isEmpty()) {
            operations.fail(
                    request,
                    AllocationError.ENI_LIMIT,
                    nodeEnis.instanceId() + " holds all ENIs on network card " + request.networkCard() + " that "
                            + nodeEnis.identity.instanceType() + " may have: use a larger instance type");
            return;
        }
        Priority priority = waiting ? Priority.POD_WAITS : Priority.WARM;
        EniCreation creation = new EniCreation(request, slot.get(), priority, now);
        nodeEnis.creations.add(creation);
        if (subnetsAsked || placements.wantsLook(now)) {
            waitForSubnets.add(creation);
            creation.note = "waits for EC2's list of subnets";
            askForSubnets(creation, now);
        } else {
            create(creation, now);
        }
    }

    /// Whether a call whose turn has come is to leave.
    boolean isStillWanted(PendingOperation.OfCreation operation) {
        return switch (operation) {
            case PendingOperation.SetDeleteOnTermination(var _, AttachedAs attached) ->
                !nodeEnis.isUnmanaged(attached.eni());
            case PendingOperation.ListSubnetsForCreation _,
                    PendingOperation.Create _,
                    PendingOperation.Attach _,
                    PendingOperation.Locate _ -> true;
        };
    }

    void concluded(PendingOperation.OfCreation operation, CallConclusion conclusion) {
        switch (operation) {
            case PendingOperation.ListSubnetsForCreation _ -> subnetsListed(conclusion);
            case PendingOperation.Create(EniCreation creation, CreationStage.Creating stage) ->
                createEnded(creation, stage, conclusion);
            case PendingOperation.Attach(EniCreation creation, CreationStage.Attaching stage) ->
                attachEnded(creation, stage, conclusion);
            case PendingOperation.Locate(EniCreation creation, CreationStage.Attaching stage, Ec2Failure failure) ->
                located(creation, stage, failure, conclusion);
            case PendingOperation.SetDeleteOnTermination(EniCreation creation, AttachedAs attached) ->
                deleteOnTerminationEnded(creation, attached, conclusion);
        }
    }

    void due(DelayedOperation.OfCreation operation, Instant now) {
        switch (operation) {
            case DelayedOperation.CreateAgain(EniCreation creation, CreationStage.Creating stage) ->
                askToCreate(creation, stage, now);
            case DelayedOperation.AttachAgain(EniCreation creation, CreationStage.Attaching stage) ->
                attach(creation, stage, now);
            case DelayedOperation.LocateLater(
                    EniCreation creation,
                    CreationStage.Attaching stage,
                    Ec2Failure failure) -> locate(creation, stage, failure, now);
            case DelayedOperation.SetDeleteOnTerminationAgain(EniCreation creation, AttachedAs attached) ->
                setDeleteOnTermination(creation, attached, now);
        }
    }

    // ---- subnets

    private void askForSubnets(EniCreation creation, Instant now) {
        if (!subnetsAsked) {
            subnetsAsked = true;
            Ec2Call<?> call = new Ec2Call.SubnetsOf(nodeEnis.identity.vpcId(), nodeEnis.identity.availabilityZone());
            operations.ask(call, creation.priority, new PendingOperation.ListSubnetsForCreation(waitForSubnets), now);
        }
    }

    private void subnetsListed(CallConclusion conclusion) {
        subnetsAsked = false;
        conclusion
                .subnets()
                .ifPresentOrElse(
                        subnets -> placements.saw(subnets, conclusion.at()), () -> placements.unseen(conclusion.at()));
        List<EniCreation> waiting = List.copyOf(waitForSubnets);
        waitForSubnets.clear();
        waiting.forEach(creation -> create(creation, conclusion.at()));
    }

    // ---- create

    private void create(EniCreation creation, Instant now) {
        BlockKind kind = creation.request.kind();
        Optional<EniPlacement> placement = placements.next(kind, now);
        if (placement.isEmpty()) {
            boolean prefixesOnly = kind == BlockKind.PREFIX
                    && placements.next(BlockKind.ADDRESS, now).isPresent();
            failed(
                    creation,
                    prefixesOnly ? AllocationError.NO_CONTIGUOUS_PREFIX : AllocationError.SUBNET_EXHAUSTED,
                    whyNowhere(kind, now));
            return;
        }
        DeviceSlot slot = creation.stage().slot();
        byte[] bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        ClientToken token = new ClientToken(HexFormat.of().formatHex(bytes));
        EniRequest request = new EniRequest(
                placement.get().subnetId(),
                placement.get().groups(),
                kind,
                Math.min(creation.request.count(), nodeEnis.limits.slotsPerEni()),
                placements.description(),
                placements.tagsForNew(now));
        CreationStage.Creating stage =
                new CreationStage.Creating(slot, placement.get(), new Ec2Call.Create(request, token), false);
        creation.placementsTried++;
        creation.begin(stage, now);
        operations.write(new Intent.Creating(token, placement.get().subnetId(), slot, now));
        askToCreate(creation, stage, now);
    }

    private String whyNowhere(BlockKind kind, Instant now) {
        return placements
                .backoffUntil(kind, now)
                .map(until -> "every subnet that this node may use is full; tried again in "
                        + Duration.between(now, until).toSeconds()
                        + " s: free addresses in them, or give the node another subnet")
                .orElse("no subnet of this zone may be used: see docs/enis.md for the tags that allow one");
    }

    private void askToCreate(EniCreation creation, CreationStage.Creating stage, Instant now) {
        operations.ask(stage.call(), creation.priority, new PendingOperation.Create(creation, stage), now);
    }

    private void createEnded(EniCreation creation, CreationStage.Creating stage, CallConclusion conclusion) {
        creation.tries++;
        if (conclusion.outcome() instanceof CallOutcome.Answer(Ec2Answer.Created(Ec2Eni eni))) {
            created(creation, stage, eni, conclusion.at());
        } else {
            createFailed(creation, stage, conclusion.asFailure(), conclusion.at());
        }
    }

    private void createFailed(EniCreation creation, CreationStage.Creating stage, Ec2Failure failure, Instant now) {
        creation.note = failure.text();
        if (failure.kind().mayHaveHappened()) {
            answerLost(creation, stage.withLostAnswer(), failure, now);
        } else if (failure.kind().isSubnetFull()) {
            subnetFull(creation, stage, failure, now);
        } else {
            notCreated(creation, stage, failure, now);
        }
    }

    private void answerLost(EniCreation creation, CreationStage.Creating stage, Ec2Failure failure, Instant now) {
        creation.update(stage);
        if (creation.tries < CREATE_TRIES_MAX) {
            operations.later(
                    new DelayedOperation.CreateAgain(creation, stage), RetryDelay.SHORT.delay(creation.tries), now);
        } else {
            notCreated(creation, stage, failure, now);
        }
    }

    private void subnetFull(EniCreation creation, CreationStage.Creating stage, Ec2Failure failure, Instant now) {
        SubnetId subnet = stage.placement().subnetId();
        placements.exhausted(subnet, failure.kind() == Kind.NO_CONTIGUOUS_PREFIX, now);
        boolean another = creation.placementsTried < PLACEMENTS_TRIED_MAX
                && placements.next(creation.request.kind(), now).isPresent();
        if (another && !stage.uncertain()) { // else the request fails, and the failure is told with it
            operations.notice(EniNotice.Kind.SUBNET_EXHAUSTED, subnet.value(), creation.note, creation.requests());
            operations.write(new Intent.Undone(stage.token(), now));
            create(creation, now);
        } else {
            notCreated(creation, stage, failure, now);
        }
    }

    /// When an answer was lost before, EC2 may have created it all the same: that comes to light when a view
    /// can tell.
    private void notCreated(EniCreation creation, CreationStage.Creating stage, Ec2Failure failure, Instant now) {
        if (stage.uncertain()) {
            nodeEnis.creations.remove(creation);
            nodeEnis.uncertain.add(new UncertainCreation(stage.token(), now, failure.text()));
            operations.later(new DelayedOperation.CleanUpOwn(), RetryDelay.SHORT.cap(), now);
            operations.fail(creation.request, AllocationErrors.of(failure.kind()), failure.text());
        } else {
            operations.write(new Intent.Undone(stage.token(), now));
            failed(creation, AllocationErrors.of(failure.kind()), failure.text());
        }
    }

    // ---- attach

    private void created(EniCreation creation, CreationStage.Creating stage, Ec2Eni eni, Instant now) {
        if (nodeEnis.knows(eni.id())) {
            operations.notice(
                    EniNotice.Kind.UNEXPECTED_ANSWER,
                    eni.id().value(),
                    "CreateNetworkInterface answered with an ENI that was there before",
                    creation.requests());
            operations.write(new Intent.Undone(stage.token(), now));
            failed(creation, AllocationError.OTHER, "EC2 named an ENI that was there before");
            return;
        }
        if (eni.subnetId() != null) {
            placements.hadRoom(eni.subnetId(), creation.request.kind());
        }
        CreationStage.Attaching attaching =
                new CreationStage.Attaching(stage.slot(), stage.token(), subnetBlock(stage.placement()), eni);
        creation.begin(attaching, now);
        attach(creation, attaching, now);
    }

    private Optional<Cidr> subnetBlock(EniPlacement placement) {
        return Optional.ofNullable(placement.block()).or(() -> nodeEnis.blockOf(placement.subnetId()));
    }

    private void attach(EniCreation creation, CreationStage.Attaching before, Instant now) {
        EniId id = before.eni().id();
        CreationStage.Attaching stage = before;
        if (nodeEnis.isSupplanted(creation)) {
            Optional<DeviceSlot> free = nodeEnis.freeSlot(creation.request.networkCard());
            if (free.isEmpty()) {
                String why = nodeEnis.instanceId() + " has no device index left";
                undo(creation, stage, Optional.empty(), AllocationError.ENI_LIMIT, why, now);
                return;
            }
            stage = before.at(free.get());
            creation.update(stage);
        }
        operations.write(new Intent.Attaching(stage.token(), id, now));
        Ec2Call<?> call = new Ec2Call.Attach(id, nodeEnis.instanceId(), stage.slot());
        operations.ask(call, creation.priority, new PendingOperation.Attach(creation, stage), now);
    }

    private void attachEnded(EniCreation creation, CreationStage.Attaching stage, CallConclusion conclusion) {
        creation.tries++;
        if (conclusion.outcome() instanceof CallOutcome.Answer(Ec2Answer.AttachedAs(AttachmentId attachmentId))) {
            attached(creation, stage, attachmentId, conclusion.at());
        } else {
            attachFailed(creation, stage, conclusion.asFailure(), conclusion.at());
        }
    }

    private void attachFailed(EniCreation creation, CreationStage.Attaching stage, Ec2Failure failure, Instant now) {
        creation.note = failure.text();
        boolean late = now.isAfter(creation.since().plus(UNATTACHED_MAX));
        Duration wait = RetryDelay.SHORT.delay(creation.tries);
        if (late) {
            undo(creation, stage, failure, now);
            return;
        }
        switch (failure.kind().repeat()) {
            // perhaps it is attached, or something else is where it should be
            case AFTER_A_LOOK ->
                operations.later(new DelayedOperation.LocateLater(creation, stage, failure), wait, now);
            // too new for EC2 itself, or not asked at all
            case LATER -> operations.later(new DelayedOperation.AttachAgain(creation, stage), wait, now);
            case NOT_AS_IT_IS -> undo(creation, stage, failure, now);
        }
    }

    /// Looks at all ENIs of this node: for the one that should be attached, and for those that are in its slot.
    private void locate(EniCreation creation, CreationStage.Attaching stage, Ec2Failure failure, Instant now) {
        operations.ask(
                new Ec2Call.EnisOf(nodeEnis.instanceId()),
                creation.priority,
                new PendingOperation.Locate(creation, stage, failure),
                now);
    }

    private void located(
            EniCreation creation, CreationStage.Attaching stage, Ec2Failure failure, CallConclusion conclusion) {
        Instant now = conclusion.at();
        Optional<List<Ec2Eni>> enis = conclusion.enis();
        if (enis.isEmpty()) {
            attachFailed(creation, stage, conclusion.asFailure(), now);
            return;
        }
        Optional<EniAttachment> attachment = enis.get().stream()
                .filter(eni -> eni.id().equals(stage.eni().id()))
                .flatMap(eni -> Optional.ofNullable(eni.attachment()).stream())
                .filter(there -> there.state() != EniAttachment.State.DETACHING)
                .findFirst();
        if (attachment.isPresent()) {
            CreationStage.Attaching there = stage.at(new DeviceSlot(
                    stage.slot().networkCard(), attachment.get().slot().deviceIndex()));
            attached(creation, there, attachment.get().id(), now);
            return;
        }
        nodeEnis.occupied(enis.get());
        boolean hopeless = failure.kind() == Kind.INVALID && creation.tries > DELETE_ON_TERMINATION_TRIES_MAX;
        if (hopeless && !nodeEnis.isSupplanted(creation)) {
            undo(creation, stage, Optional.of(stage.slot()), AllocationError.OTHER, creation.note, now);
        } else {
            attach(creation, stage, now);
        }
    }

    // ---- attached

    private void attached(EniCreation creation, CreationStage.Attaching stage, AttachmentId attachmentId, Instant now) {
        Ec2Eni eni = stage.eni();
        AttachedAs attached = new AttachedAs(stage.token(), eni.id(), attachmentId);
        InetAddress address = eni.primaryAddress();
        if (address == null) {
            setDeleteOnTermination(creation, attached, now);
            undo(
                    creation,
                    stage,
                    Optional.of(stage.slot()),
                    AllocationError.OTHER,
                    "EC2 created " + eni.id() + " without an address; it is taken away again",
                    now);
            return;
        }
        LinkPlan link = new LinkPlan(
                eni.id(),
                eni.mac(),
                stage.slot(),
                EniRole.PODS,
                address,
                stage.subnet().orElse(null));
        creation.begin(new CreationStage.Attached(stage.token(), eni, attachmentId, link, false, false), now);
        setDeleteOnTermination(creation, attached, now);
        operations.setUp(link, creation.requests());
    }

    private void setDeleteOnTermination(EniCreation creation, AttachedAs attached, Instant now) {
        operations.write(
                new Intent.SettingDeleteOnTermination(attached.token(), attached.eni(), attached.attachmentId(), now));
        operations.ask(
                new Ec2Call.DeleteOnTermination(attached.eni(), attached.attachmentId()),
                creation.priority,
                new PendingOperation.SetDeleteOnTermination(creation, attached),
                now);
    }

    private void deleteOnTerminationEnded(EniCreation creation, AttachedAs attached, CallConclusion conclusion) {
        creation.tries++;
        boolean here = nodeEnis.creations.contains(creation)
                || nodeEnis.ready(attached.eni()).isPresent();
        boolean ended = conclusion.succeeded() || !here || creation.tries >= DELETE_ON_TERMINATION_TRIES_MAX;
        if (!ended) {
            operations.later(
                    new DelayedOperation.SetDeleteOnTerminationAgain(creation, attached),
                    RetryDelay.SHORT.delay(creation.tries),
                    conclusion.at());
        } else if (creation.stage() instanceof CreationStage.Attached stage) { // what is missing a later look corrects
            ended(creation, stage.withDeleteOnTerminationEnded(), conclusion.at());
        }
    }

    /// When both steps have ended nothing is left that a start would have to resume.
    private void ended(EniCreation creation, CreationStage.Attached stage, Instant now) {
        creation.update(stage);
        if (stage.linkEnded() && stage.deleteOnTerminationEnded()) {
            operations.write(new Intent.Added(stage.token(), stage.eni().id(), now));
        }
    }

    /// Pods need the link and nothing else: that it goes with its instance may come later.
    ///
    /// @return false: no creation waits for that link
    boolean linkReady(EniId id, Instant now) {
        for (EniCreation creation : nodeEnis.creations) {
            if (creation.isOf(id) && creation.stage() instanceof CreationStage.Attached stage) {
                nodeEnis.creations.remove(creation);
                NodeEni eni = takeIn(creation, stage, EniPhase.READY, now);
                eni.told = true;
                List<Cidr> blocks = stage.eni().blocks();
                operations.notice(
                        EniNotice.Kind.ENI_ADDED,
                        id.value(),
                        blocks.size() + " blocks, device index " + eni.slot.deviceIndex(),
                        creation.requests());
                operations.tell(new Message.EniReady(
                        creation.request.request(), eni.asPoolEni(nodeEnis.limits.slotsPerEni()), blocks));
                return true;
            }
        }
        return false;
    }

    /// It is attached, so it is kept, and its link is waited for; but not by the pool.
    ///
    /// @return false: no creation waits for that link
    boolean linkFailed(EniId id, String reason, Instant now) {
        for (EniCreation creation : nodeEnis.creations) {
            if (creation.isOf(id) && creation.stage() instanceof CreationStage.Attached stage) {
                nodeEnis.creations.remove(creation);
                operations.fail(creation.request, AllocationError.OTHER, reason);
                NodeEni eni = takeIn(creation, stage, EniPhase.LINK_MISSING, now);
                eni.linkRequests = creation.requests();
                links.failed(eni, reason, now);
                return true;
            }
        }
        return false;
    }

    private NodeEni takeIn(EniCreation creation, CreationStage.Attached stage, EniPhase phase, Instant now) {
        List<Cidr> blocks = stage.eni().blocks();
        NodeEni eni =
                new NodeEni(stage.link(), new KnownBlocks(stage.link().primaryAddress(), blocks, now), phase, now);
        eni.attachmentId = Optional.of(stage.attachmentId());
        eni.found = blocks;
        eni.subnetId = Optional.ofNullable(stage.eni().subnetId());
        nodeEnis.attached.put(eni.id, eni);
        ended(creation, stage.withLinkEnded(), now);
        return eni;
    }

    // ---- failed

    private void failed(EniCreation creation, AllocationError error, String detail) {
        nodeEnis.creations.remove(creation);
        operations.fail(creation.request, error, detail);
    }

    private void undo(EniCreation creation, CreationStage.Attaching stage, Ec2Failure failure, Instant now) {
        undo(creation, stage, Optional.of(stage.slot()), AllocationErrors.of(failure.kind()), failure.text(), now);
    }

    private void undo(
            EniCreation creation,
            CreationStage.Attaching stage,
            Optional<DeviceSlot> slot,
            AllocationError error,
            String detail,
            Instant now) {
        failed(creation, error, detail);
        removals.undo(stage.eni().id(), stage.token(), slot, creation.requests(), now);
    }
}
