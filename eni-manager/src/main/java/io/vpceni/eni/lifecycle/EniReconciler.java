package io.vpceni.eni.lifecycle;

import io.vpceni.config.Cidr;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Eni;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.EniAttachment;
import io.vpceni.eni.EniAttachment.State;
import io.vpceni.eni.LinkPlan;
import io.vpceni.eni.SubnetId;
import io.vpceni.eni.lifecycle.PendingOperation.NodeViewer;
import io.vpceni.eni.site.EniPlacements;
import io.vpceni.pool.AllocationError;
import io.vpceni.pool.Effect;
import io.vpceni.pool.EniId;
import io.vpceni.pool.EniRole;
import io.vpceni.pool.Evidence;
import io.vpceni.pool.Lag;
import io.vpceni.pool.Message;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What EC2 lists of this node's ENIs: asked for by several at once, answered by one call that went out after the last
/// of them asked; compared with what is known here.
final class EniReconciler {

    /// A request of the pool's whose kernel side was asked for.
    private record KernelQuestion(Effect.Verify request, Instant asked) {}

    private final PendingOperations operations;
    private final NodeEnis nodeEnis;
    private final EniPlacements placements;
    private final LinkSetup links;
    private final boolean correctsDrift;
    private final Map<Long, KernelQuestion> kernelAsked = new HashMap<>();

    private boolean underWay;
    private List<NodeViewer> next = new ArrayList<>();

    /// @param correctsDrift whether groups, tags and delete-on-termination are corrected
    EniReconciler(
            PendingOperations operations,
            NodeEnis nodeEnis,
            EniPlacements placements,
            LinkSetup links,
            boolean correctsDrift) {
        this.operations = operations;
        this.nodeEnis = nodeEnis;
        this.placements = placements;
        this.links = links;
        this.correctsDrift = correctsDrift;
    }

    /// Whether a call whose turn has come is to leave.
    boolean isStillWanted(PendingOperation.OfReconciler operation) {
        return switch (operation) {
            case PendingOperation.CorrectDrift(NodeEni eni, var _) -> mayCorrect(eni);
            case PendingOperation.DescribeNode _, PendingOperation.RefreshSubnets _ -> true;
        };
    }

    void concluded(PendingOperation.OfReconciler operation, CallConclusion conclusion) {
        switch (operation) {
            case PendingOperation.DescribeNode(List<NodeViewer> viewers) -> described(viewers, conclusion);
            case PendingOperation.RefreshSubnets _ ->
                conclusion
                        .subnets()
                        .ifPresentOrElse(
                                subnets -> placements.saw(subnets, conclusion.at()),
                                () -> placements.unseen(conclusion.at()));
            case PendingOperation.CorrectDrift(NodeEni eni, String what) -> correctionEnded(eni, what, conclusion);
        }
    }

    // ---- one call for all who want to see

    private void want(NodeViewer viewer, Instant now) {
        next.add(viewer);
        if (!underWay) {
            describe(now);
        }
    }

    private void describe(Instant now) {
        underWay = true;
        List<NodeViewer> these = next;
        next = new ArrayList<>();
        operations.ask(
                new Ec2Call.EnisOf(nodeEnis.instanceId()),
                Priority.LOOK,
                new PendingOperation.DescribeNode(these),
                now);
    }

    private void described(List<NodeViewer> viewers, CallConclusion conclusion) {
        underWay = false;
        for (NodeViewer viewer : viewers) {
            switch (viewer) {
                case NodeViewer.RegularLook _ -> conclusion.enis().ifPresent(enis -> seen(enis, conclusion));
                case NodeViewer.Verification verification -> verified(verification, conclusion);
            }
        }
        if (!next.isEmpty() && !underWay) {
            describe(conclusion.at());
        }
    }

    // ---- proof for the pool

    void verify(Effect.Verify request, Instant now) {
        kernelAsked.put(operations.askKernel(), new KernelQuestion(request, now));
    }

    void kernelHolds(long look, Set<InetAddress> held, Instant now) {
        Optional.ofNullable(kernelAsked.remove(look))
                .ifPresent(
                        question -> want(new NodeViewer.Verification(question.request(), question.asked(), held), now));
    }

    void kernelSilent(long look, String reason) {
        Optional.ofNullable(kernelAsked.remove(look))
                .ifPresent(question -> operations.fail(question.request(), AllocationError.OTHER, reason));
    }

    private void verified(NodeViewer.Verification verification, CallConclusion conclusion) {
        Effect.Verify request = verification.request();
        Optional<List<Ec2Eni>> enis = conclusion.enis();
        if (enis.isEmpty()) {
            Ec2Failure failure = conclusion.asFailure();
            operations.fail(request, AllocationErrors.of(failure.kind()), failure.text());
            return;
        }
        Map<EniId, Set<Cidr>> listed = listed(enis.get());
        operations.tell(new Message.Verified(
                request.request(),
                new Evidence(
                        verification.asked(),
                        listed.containsKey(request.eni()),
                        listed.getOrDefault(request.eni(), Set.of()),
                        verification.held())));
    }

    // ---- the look of each minute

    void look(Instant now) {
        if (placements.wantsRegularLook(now)) {
            operations.ask(
                    new Ec2Call.SubnetsOf(nodeEnis.identity.vpcId(), nodeEnis.identity.availabilityZone()),
                    Priority.LOOK,
                    new PendingOperation.RefreshSubnets(),
                    now);
        }
        if (next.isEmpty()) { // else the last look has not been answered
            want(new NodeViewer.RegularLook(), now);
        }
    }

    private void seen(List<Ec2Eni> enis, CallConclusion view) {
        Set<EniId> here = new HashSet<>();
        nodeEnis.occupied(enis);
        for (Ec2Eni eni : enis) {
            EniAttachment attachment = eni.attachment();
            InetAddress address = eni.primaryAddress();
            if (attachment != null && address != null && attachment.state() == State.ATTACHED) {
                here.add(eni.id());
                seen(eni, attachment, address, view);
            }
        }
        for (NodeEni eni : List.copyOf(nodeEnis.attached.values())) {
            if (!here.contains(eni.id)) {
                notSeen(eni, view.asked());
            }
        }
        operations.tell(new Message.Ec2View(view.asked(), listed(enis)));
    }

    private void seen(Ec2Eni listed, EniAttachment attachment, InetAddress address, CallConclusion view) {
        if (listed.isPrimary()) {
            placements.primaryGroups(listed.groups());
        }
        NodeEni known = nodeEnis.attached.get(listed.id());
        if (known != null) {
            seenAgain(known, listed, attachment, view.asked(), view.at());
        } else if (!nodeEnis.knows(listed.id()) && !nodeEnis.mayBeStale(listed.id(), view.asked())) {
            found(listed, attachment, address, view.at());
        }
    }

    private void found(Ec2Eni listed, EniAttachment attachment, InetAddress address, Instant now) {
        Optional<SubnetId> subnetId = Optional.ofNullable(listed.subnetId());
        Optional<Cidr> subnet = subnetId.flatMap(placements::blockOf).or(() -> subnetId.flatMap(nodeEnis::blockOf));
        LinkPlan plan = NodeEni.planOf(listed, attachment, placements.roleOf(listed), address, subnet);
        NodeEni eni = new NodeEni(plan, new KnownBlocks(address, listed.blocks(), now), EniPhase.LINKING, now);
        eni.attachmentId = Optional.of(attachment.id());
        eni.found = listed.blocks();
        eni.subnetId = subnetId;
        nodeEnis.attached.put(eni.id, eni);
        operations.notice(EniNotice.Kind.ENI_FOUND, eni.id.value(), "it is there as " + eni.role);
        links.begin(eni, now);
    }

    private void seenAgain(NodeEni eni, Ec2Eni listed, EniAttachment attachment, Instant asked, Instant now) {
        eni.missingSince = Optional.empty();
        eni.found = listed.blocks();
        eni.blocks.lacked(listed.blocks(), asked, now);
        eni.subnetId = Optional.ofNullable(listed.subnetId());
        if (!asked.isAfter(eni.changedAt.plus(Lag.MAX)) && eni.attachmentId.isPresent()) {
            return; // it may show what was before the last change
        }
        eni.attachmentId = Optional.of(attachment.id());
        EniRole role = placements.roleOf(listed);
        if (eni.role != role) {
            changeRole(eni, role, now);
        }
        if (correctsDrift && !eni.beingCorrected && mayCorrect(eni)) {
            correctDrift(eni, listed, attachment, now);
        }
    }

    private void changeRole(NodeEni eni, EniRole role, Instant now) {
        boolean wasManaged = eni.isManaged();
        eni.role = role;
        eni.link = eni.link.withRole(role);
        if (eni.isManaged() && !wasManaged) {
            eni.roleToTell = true; // pods may have it once its link is set up
            links.begin(eni, now);
        } else if (eni.told && !(eni.roleToTell && eni.isManaged())) { // or when its link is set up again
            operations.tell(new Message.EniRoleIs(eni.id, role));
        }
    }

    /// Detached by somebody else, when two views that lie further apart than views lag say so.
    private void notSeen(NodeEni eni, Instant asked) {
        if (eni.isPrimary() || nodeEnis.removals.containsKey(eni.id) || asked.isBefore(eni.changedAt.plus(Lag.MAX))) {
            return;
        }
        if (eni.missingSince.isEmpty()) {
            eni.missingSince = Optional.of(asked);
        } else if (asked.isAfter(eni.missingSince.get().plus(Lag.MAX))) {
            nodeEnis.attached.remove(eni.id);
            operations.takeDown(eni.id, List.of());
            operations.tell(new Message.EniDetached(eni.id));
            operations.notice(EniNotice.Kind.ENI_LOST, eni.id.value(), "");
        }
    }

    // ---- correct what differs

    private void correctDrift(NodeEni eni, Ec2Eni listed, EniAttachment attachment, Instant now) {
        List<String> groups = placements.groupsFor(listed);
        var tags = placements.missingTags(listed);
        boolean ours = listed.description().equals(placements.description()); // others may be meant to outlive the node
        if (ours && !attachment.deleteOnTermination() && !eni.isPrimary()) {
            correct(eni, new Ec2Call.DeleteOnTermination(eni.id, attachment.id()), "delete-on-termination", now);
        } else if (!groups.isEmpty() && !Set.copyOf(groups).equals(Set.copyOf(listed.groups()))) {
            correct(eni, new Ec2Call.SetGroups(eni.id, groups), "security groups " + groups, now);
        } else if (!tags.isEmpty()) {
            correct(eni, new Ec2Call.Tag(eni.id, tags), "tags " + tags.keySet(), now);
        }
    }

    private boolean mayCorrect(NodeEni eni) {
        return nodeEnis.mayChange(eni) && !nodeEnis.removals.containsKey(eni.id);
    }

    private void correct(NodeEni eni, Ec2Call<?> call, String what, Instant now) {
        eni.beingCorrected = true;
        operations.ask(call, Priority.CLEAN_UP, new PendingOperation.CorrectDrift(eni, what), now);
    }

    private void correctionEnded(NodeEni eni, String what, CallConclusion conclusion) {
        eni.beingCorrected = false;
        switch (conclusion.outcome()) {
            case CallOutcome.Answer _ -> {
                eni.changedAt = conclusion.at();
                operations.notice(EniNotice.Kind.ENI_CORRECTED, eni.id.value(), what);
            }
            case CallOutcome.Failure(Ec2Failure failure) -> eni.note = failure.text();
        }
    }

    /// By attached ENI, its secondary addresses and prefixes.
    private static Map<EniId, Set<Cidr>> listed(List<Ec2Eni> enis) {
        Map<EniId, Set<Cidr>> listed = new HashMap<>();
        for (Ec2Eni eni : enis) {
            EniAttachment attachment = eni.attachment();
            if (attachment != null && attachment.state() == State.ATTACHED && eni.primaryAddress() != null) {
                listed.put(eni.id(), Set.copyOf(eni.blocks()));
            }
        }
        return listed;
    }
}
