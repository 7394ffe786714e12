package io.vpceni.eni.lifecycle;

import io.vpceni.config.Cidr;
import io.vpceni.eni.Ec2Answer;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Eni;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.Ec2Failure.Kind;
import io.vpceni.eni.site.EniPlacements;
import io.vpceni.pool.AllocationError;
import io.vpceni.pool.BlockKind;
import io.vpceni.pool.Effect;
import io.vpceni.pool.EniId;
import io.vpceni.pool.Lag;
import io.vpceni.pool.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Addresses and prefixes of ENIs that are here: more of them, or fewer. The pool asks for one change of an ENI at a
/// time.
final class BlockAssignment {

    /// After a lost answer EC2 is given this long to show what it did.
    private static final Duration SHOWS_AFTER = Duration.ofSeconds(1);

    private final PendingOperations errands;
    private final NodeEnis lives;
    private final EniPlacements sites;

    BlockAssignment(PendingOperations errands, NodeEnis lives, EniPlacements sites) {
        this.errands = errands;
        this.lives = lives;
        this.sites = sites;
    }

    void assign(Effect.AssignBlocks wish, boolean waiting, Instant now) {
        Optional<NodeEni> life = lives.ready(wish.eni());
        if (life.isEmpty() || !life.get().isManaged()) {
            errands.fail(wish, AllocationError.OTHER, wish.eni() + " is not one of this node's ENIs for pods");
            return;
        }
        Priority priority = waiting ? Priority.POD_WAITS : Priority.WARM;
        if (life.get().blocks.isDoubtful()) {
            look(
                    wish.eni(),
                    priority,
                    now,
                    (listed, asked, then) -> {
                        List<Cidr> cameToLight = news(life.get(), listed, asked, then);
                        if (cameToLight.isEmpty()) {
                            askToAssign(wish, life.get(), priority, then);
                        } else {
                            errands.tell(new Message.BlocksAdded(wish.request(), wish.eni(), cameToLight));
                        }
                    },
                    (failure, then) -> failed(wish, failure));
        } else {
            askToAssign(wish, life.get(), priority, now);
        }
    }

    private void askToAssign(Effect.AssignBlocks wish, NodeEni life, Priority priority, Instant now) {
        Ec2Call call = new Ec2Call.Assign(wish.eni(), wish.kind(), wish.count());
        errands.ask(call, priority, now, _ -> lives.mayChange(life), (outcome, _, then) -> {
            if (outcome instanceof CallOutcome.Answer(Ec2Answer.Assigned(var blocks))) {
                List<Cidr> fresh = life.blocks.assigned(blocks, then);
                if (!life.subnetId.isEmpty() && !fresh.isEmpty()) {
                    sites.hadRoom(life.subnetId, wish.kind());
                }
                errands.tell(new Message.BlocksAdded(wish.request(), wish.eni(), fresh));
                return;
            }
            Ec2Failure failure = PendingOperations.misfit(call, outcome);
            if (failure.kind() == Kind.OUTCOME_UNKNOWN) {
                life.blocks.doubt(then);
                errands.later(SHOWS_AFTER, then, soon -> whatCame(wish, life, failure, priority, soon));
            } else {
                noteRoom(life, failure.kind(), then);
                failed(wish, failure);
            }
        });
    }

    private void noteRoom(NodeEni life, Kind kind, Instant now) {
        boolean full = kind == Kind.SUBNET_EXHAUSTED || kind == Kind.NO_CONTIGUOUS_PREFIX;
        if (full && !life.subnetId.isEmpty()) {
            sites.exhausted(life.subnetId, kind == Kind.NO_CONTIGUOUS_PREFIX, now);
        }
    }

    private void whatCame(Effect.AssignBlocks wish, NodeEni life, Ec2Failure lost, Priority priority, Instant now) {
        look(
                wish.eni(),
                priority,
                now,
                (listed, asked, then) -> {
                    List<Cidr> cameToLight = news(life, listed, asked, then);
                    if (cameToLight.isEmpty()) {
                        failed(wish, lost);
                    } else {
                        errands.tell(new Message.BlocksAdded(wish.request(), wish.eni(), cameToLight));
                    }
                },
                (_, _) -> failed(wish, lost));
    }

    private void failed(Effect.Request wish, Ec2Failure failure) {
        errands.fail(wish, AllocationErrors.of(failure.kind()), String.valueOf(failure.getMessage()));
    }

    // ---- fewer

    void unassign(Effect.Unassign wish, Instant now) {
        Optional<NodeEni> life = lives.ready(wish.eni());
        if (life.isEmpty() || !life.get().isManaged()) {
            errands.fail(wish, AllocationError.OTHER, wish.eni() + " is not one of this node's ENIs for pods");
            return;
        }
        Map<BlockKind, List<Cidr>> byKind = new EnumMap<>(BlockKind.class);
        for (Cidr block : wish.blocks()) {
            byKind.computeIfAbsent(BlockKind.of(block), _ -> new ArrayList<>()).add(block);
        }
        Deque<Ec2Call.Unassign> calls = new ArrayDeque<>();
        byKind.forEach((kind, blocks) -> calls.add(new Ec2Call.Unassign(wish.eni(), kind, blocks)));
        unassign(wish, life.get(), calls, false, now);
    }

    /// @param begun whether something of it has gone already
    private void unassign(
            Effect.Unassign wish, NodeEni life, Deque<Ec2Call.Unassign> calls, boolean begun, Instant now) {
        if (calls.isEmpty()) {
            errands.tell(new Message.Unassigned(wish.request()));
            return;
        }
        Ec2Call.Unassign call = calls.remove();
        errands.ask(call, Priority.CLEAN_UP, now, _ -> lives.mayChange(life), (outcome, _, then) -> {
            if (outcome instanceof CallOutcome.Answer) {
                life.blocks.left(call.blocks(), then);
                unassign(wish, life, calls, true, then);
                return;
            }
            Ec2Failure failure = PendingOperations.misfit(call, outcome);
            switch (failure.kind()) {
                case NOT_FOUND -> {
                    life.blocks.left(call.blocks(), then);
                    unassign(wish, life, calls, true, then);
                }
                case INVALID -> thoseThatAreThere(wish, life, calls, call, begun, failure, then);
                case OUTCOME_UNKNOWN -> {
                    life.blocks.left(call.blocks(), then);
                    errands.fail(wish, AllocationError.OUTCOME_UNKNOWN, String.valueOf(failure.getMessage()));
                }
                case THROTTLED,
                        SUBNET_EXHAUSTED,
                        NO_CONTIGUOUS_PREFIX,
                        ENI_LIMIT,
                        ADDRESS_LIMIT,
                        UNAUTHORIZED,
                        NOT_AUTHENTICATED,
                        NO_CREDENTIALS,
                        CONFLICT,
                        UNAVAILABLE,
                        OTHER -> notTaken(wish, begun, failure);
            }
        });
    }

    private void notTaken(Effect.Unassign wish, boolean begun, Ec2Failure failure) {
        AllocationError obstacle = begun ? AllocationError.OUTCOME_UNKNOWN : AllocationErrors.of(failure.kind());
        errands.fail(wish, obstacle, String.valueOf(failure.getMessage()));
    }

    /// EC2 takes all of them or none: when it does not know one, those that it lists are asked for again.
    private void thoseThatAreThere(
            Effect.Unassign wish,
            NodeEni life,
            Deque<Ec2Call.Unassign> calls,
            Ec2Call.Unassign refused,
            boolean begun,
            Ec2Failure failure,
            Instant now) {
        look(
                wish.eni(),
                Priority.CLEAN_UP,
                now,
                (listed, _, then) -> {
                    List<Cidr> there = refused.blocks().stream()
                            .filter(listed.blocks()::contains)
                            .toList();
                    if (there.size() == refused.blocks().size()) {
                        notTaken(wish, begun, failure);
                        return;
                    }
                    life.blocks.left(
                            refused.blocks().stream()
                                    .filter(block -> !there.contains(block))
                                    .toList(),
                            then);
                    if (!there.isEmpty()) {
                        calls.addFirst(new Ec2Call.Unassign(wish.eni(), refused.kind(), there));
                    }
                    unassign(wish, life, calls, true, then);
                },
                (_, _) -> notTaken(wish, begun, failure));
    }

    /// What a look brings to light. A look so soon after the start may show what an earlier life gave back, of
    /// which nothing is known here: then the pool, which knows, hears of it by EC2's views.
    private List<Cidr> news(NodeEni life, Ec2Eni listed, Instant asked, Instant now) {
        boolean mayHaunt = asked.isBefore(lives.startedAt.plus(Lag.MAX));
        return mayHaunt ? List.of() : life.blocks.listed(listed.blocks(), asked, now);
    }

    // ---- a look

    private interface Listed {
        void take(Ec2Eni eni, Instant asked, Instant now);
    }

    private interface Blind {
        void take(Ec2Failure failure, Instant now);
    }

    private void look(EniId id, Priority priority, Instant now, Listed listed, Blind blind) {
        Ec2Call call = new Ec2Call.OneEni(id);
        errands.ask(call, priority, now, (outcome, asked, then) -> {
            if (outcome instanceof CallOutcome.Answer(Ec2Answer.Enis(var enis)) && enis.size() == 1) {
                listed.take(enis.getFirst(), asked, then);
            } else {
                blind.take(PendingOperations.misfit(call, outcome), then);
            }
        });
    }
}
