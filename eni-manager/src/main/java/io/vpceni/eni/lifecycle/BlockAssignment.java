package io.vpceni.eni.lifecycle;

import io.vpceni.config.Cidr;
import io.vpceni.eni.Ec2Answer;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Eni;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.Ec2Failure.Kind;
import io.vpceni.eni.lifecycle.PendingOperation.BlockGrowth;
import io.vpceni.eni.lifecycle.PendingOperation.BlockReturn;
import io.vpceni.eni.site.EniPlacements;
import io.vpceni.pool.AllocationError;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.Effect;
import io.vpceni.pool.Lag;
import io.vpceni.pool.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Addresses and prefixes of ENIs that are here: more of them, or fewer. The pool asks for one change of an ENI at a
/// time.
final class BlockAssignment {

    /// After a lost answer EC2 is given this long to show what it did.
    private static final Duration SHOWS_AFTER = Duration.ofSeconds(1);

    private final PendingOperations operations;
    private final NodeEnis nodeEnis;
    private final EniPlacements placements;

    BlockAssignment(PendingOperations operations, NodeEnis nodeEnis, EniPlacements placements) {
        this.operations = operations;
        this.nodeEnis = nodeEnis;
        this.placements = placements;
    }

    /// Whether a call whose turn has come is to leave.
    boolean isStillWanted(PendingOperation.OfBlocks operation) {
        return switch (operation) {
            case PendingOperation.Assign(BlockGrowth growth) -> nodeEnis.mayChange(growth.eni());
            case PendingOperation.Unassign(BlockReturn step, var _) -> nodeEnis.mayChange(step.eni());
            case PendingOperation.DescribeBeforeAssign _,
                    PendingOperation.DescribeAfterAssign _,
                    PendingOperation.DescribeAfterUnassign _ -> true;
        };
    }

    void concluded(PendingOperation.OfBlocks operation, CallConclusion conclusion) {
        switch (operation) {
            case PendingOperation.DescribeBeforeAssign(BlockGrowth growth) -> describedBeforeAssign(growth, conclusion);
            case PendingOperation.Assign(BlockGrowth growth) -> assignEnded(growth, conclusion);
            case PendingOperation.DescribeAfterAssign(BlockGrowth growth, Ec2Failure lost) ->
                describedAfterAssign(growth, lost, conclusion);
            case PendingOperation.Unassign(BlockReturn step, Ec2Call.Unassign call) ->
                unassignEnded(step, call, conclusion);
            case PendingOperation.DescribeAfterUnassign(
                    BlockReturn step,
                    Ec2Call.Unassign refused,
                    Ec2Failure failure) -> describedAfterUnassign(step, refused, failure, conclusion);
        }
    }

    // ---- more

    void assign(Effect.AssignBlocks request, boolean waiting, Instant now) {
        Optional<NodeEni> eni = nodeEnis.ready(request.eni()).filter(NodeEni::isManaged);
        if (eni.isEmpty()) {
            operations.fail(
                    request, AllocationError.OTHER, notForPods(request.eni().value()));
            return;
        }
        Priority priority = waiting ? Priority.POD_WAITS : Priority.WARM;
        BlockGrowth growth = new BlockGrowth(request, eni.get(), priority);
        if (eni.get().blocks.isDoubtful()) {
            operations.ask(
                    new Ec2Call.OneEni(request.eni()),
                    priority,
                    new PendingOperation.DescribeBeforeAssign(growth),
                    now);
        } else {
            askToAssign(growth, now);
        }
    }

    private static String notForPods(String eni) {
        return eni + " is not one of this node's ENIs for pods";
    }

    private void describedBeforeAssign(BlockGrowth growth, CallConclusion conclusion) {
        Optional<Ec2Eni> listed = conclusion.eni();
        if (listed.isEmpty()) {
            failed(growth.request(), conclusion.asFailure());
            return;
        }
        List<Cidr> shown = newlyShown(growth.eni(), listed.get(), conclusion);
        if (shown.isEmpty()) {
            askToAssign(growth, conclusion.at());
        } else {
            added(growth, shown);
        }
    }

    private void askToAssign(BlockGrowth growth, Instant now) {
        Effect.AssignBlocks request = growth.request();
        operations.ask(
                new Ec2Call.Assign(request.eni(), request.kind(), request.count()),
                growth.priority(),
                new PendingOperation.Assign(growth),
                now);
    }

    private void assignEnded(BlockGrowth growth, CallConclusion conclusion) {
        NodeEni eni = growth.eni();
        if (conclusion.outcome() instanceof CallOutcome.Answer(Ec2Answer.Assigned(var blocks))) {
            List<Cidr> fresh = eni.blocks.assigned(blocks, conclusion.at());
            if (!fresh.isEmpty()) {
                eni.subnetId.ifPresent(
                        subnet -> placements.hadRoom(subnet, growth.request().kind()));
            }
            added(growth, fresh);
            return;
        }
        Ec2Failure failure = conclusion.asFailure();
        if (failure.kind() == Kind.OUTCOME_UNKNOWN) {
            eni.blocks.doubt(conclusion.at());
            operations.later(new DelayedOperation.DescribeAssignedLater(growth, failure), SHOWS_AFTER, conclusion.at());
        } else {
            noteExhausted(eni, failure.kind(), conclusion.at());
            failed(growth.request(), failure);
        }
    }

    private void noteExhausted(NodeEni eni, Kind kind, Instant now) {
        if (kind.isSubnetFull()) {
            eni.subnetId.ifPresent(subnet -> placements.exhausted(subnet, kind == Kind.NO_CONTIGUOUS_PREFIX, now));
        }
    }

    /// EC2 has had its time to show what an assignment did whose answer was lost.
    void due(DelayedOperation.DescribeAssignedLater operation, Instant now) {
        BlockGrowth growth = operation.growth();
        operations.ask(
                new Ec2Call.OneEni(growth.request().eni()),
                growth.priority(),
                new PendingOperation.DescribeAfterAssign(growth, operation.lost()),
                now);
    }

    private void describedAfterAssign(BlockGrowth growth, Ec2Failure lost, CallConclusion conclusion) {
        List<Cidr> shown = conclusion
                .eni()
                .map(listed -> newlyShown(growth.eni(), listed, conclusion))
                .orElse(List.of());
        if (shown.isEmpty()) {
            failed(growth.request(), lost);
        } else {
            added(growth, shown);
        }
    }

    private void added(BlockGrowth growth, List<Cidr> blocks) {
        Effect.AssignBlocks request = growth.request();
        operations.tell(new Message.BlocksAdded(request.request(), request.eni(), blocks));
    }

    private void failed(Effect.Request request, Ec2Failure failure) {
        operations.fail(request, AllocationErrors.of(failure.kind()), failure.text());
    }

    /// Blocks that a view shows for the first time. A view so soon after the start may show what an earlier process
    /// gave back, of which nothing is known here: then the pool, which knows, hears of it by EC2's views.
    private List<Cidr> newlyShown(NodeEni eni, Ec2Eni listed, CallConclusion view) {
        boolean mayBeStale = view.asked().isBefore(nodeEnis.startedAt.plus(Lag.MAX));
        return mayBeStale ? List.of() : eni.blocks.listed(listed.blocks(), view.asked(), view.at());
    }

    // ---- fewer

    void unassign(Effect.Unassign request, Instant now) {
        Optional<NodeEni> eni = nodeEnis.ready(request.eni()).filter(NodeEni::isManaged);
        if (eni.isEmpty()) {
            operations.fail(
                    request, AllocationError.OTHER, notForPods(request.eni().value()));
            return;
        }
        Map<BlockKind, List<Cidr>> byKind = new EnumMap<>(BlockKind.class);
        for (Cidr block : request.blocks()) {
            byKind.computeIfAbsent(BlockKind.of(block), _ -> new ArrayList<>()).add(block);
        }
        List<Ec2Call.Unassign> calls = byKind.entrySet().stream()
                .map(blocks -> new Ec2Call.Unassign(request.eni(), blocks.getKey(), blocks.getValue()))
                .toList();
        unassignNext(new BlockReturn(request, eni.get(), calls, false), now);
    }

    private void unassignNext(BlockReturn step, Instant now) {
        if (step.next().isEmpty()) {
            operations.tell(new Message.Unassigned(step.request().request()));
            return;
        }
        Ec2Call.Unassign call = step.next().getFirst();
        BlockReturn rest = new BlockReturn(
                step.request(), step.eni(), step.next().subList(1, step.next().size()), step.begun());
        operations.ask(call, Priority.CLEAN_UP, new PendingOperation.Unassign(rest, call), now);
    }

    private void unassignEnded(BlockReturn step, Ec2Call.Unassign call, CallConclusion conclusion) {
        KnownBlocks blocks = step.eni().blocks;
        Instant now = conclusion.at();
        if (conclusion.succeeded()) {
            blocks.left(call.blocks(), now);
            unassignNext(begun(step, step.next()), now);
            return;
        }
        Ec2Failure failure = conclusion.asFailure();
        if (failure.kind() == Kind.NOT_FOUND) {
            blocks.left(call.blocks(), now);
            unassignNext(begun(step, step.next()), now);
        } else if (failure.kind() == Kind.INVALID) {
            operations.ask(
                    new Ec2Call.OneEni(step.request().eni()),
                    Priority.CLEAN_UP,
                    new PendingOperation.DescribeAfterUnassign(step, call, failure),
                    now);
        } else {
            if (failure.kind().mayHaveHappened()) {
                blocks.left(call.blocks(), now);
            }
            notUnassigned(step, failure);
        }
    }

    private static BlockReturn begun(BlockReturn step, List<Ec2Call.Unassign> next) {
        return new BlockReturn(step.request(), step.eni(), next, true);
    }

    private void notUnassigned(BlockReturn step, Ec2Failure failure) {
        AllocationError error = step.begun() ? AllocationError.OUTCOME_UNKNOWN : AllocationErrors.of(failure.kind());
        operations.fail(step.request(), error, failure.text());
    }

    /// EC2 takes all of them or none: when it does not know one, those that it lists are asked for again.
    private void describedAfterUnassign(
            BlockReturn step, Ec2Call.Unassign refused, Ec2Failure failure, CallConclusion conclusion) {
        Optional<Ec2Eni> listed = conclusion.eni();
        List<Cidr> there = listed.map(eni ->
                        refused.blocks().stream().filter(eni.blocks()::contains).toList())
                .orElse(refused.blocks());
        if (there.size() == refused.blocks().size()) {
            notUnassigned(step, failure);
            return;
        }
        step.eni()
                .blocks
                .left(
                        refused.blocks().stream()
                                .filter(block -> !there.contains(block))
                                .toList(),
                        conclusion.at());
        List<Ec2Call.Unassign> next = new ArrayList<>(step.next());
        if (!there.isEmpty()) {
            next.addFirst(new Ec2Call.Unassign(step.request().eni(), refused.kind(), there));
        }
        unassignNext(begun(step, next), conclusion.at());
    }
}
