package io.vpceni.eni.lifecycle;

import io.vpceni.config.Cidr;
import io.vpceni.eni.Ec2Answer;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Eni;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.EniAttachment;
import io.vpceni.eni.EniAttachment.State;
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
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What EC2 lists of this node's ENIs: asked for by several at once, answered by one call that went out after the last
/// of them asked; compared with the books.
final class EniReconciler {

    private interface Seen {
        void take(CallOutcome outcome, Instant asked, Instant now);
    }

    private record Verification(Effect.Verify wish, Instant asked) {}

    private final PendingOperations errands;
    private final NodeEnis lives;
    private final EniPlacements sites;
    private final LinkSetup links;
    private final boolean putsRight;
    private final Map<Long, Verification> kernelAsked = new HashMap<>();

    private boolean underWay;
    private List<Seen> next = new ArrayList<>();

    /// @param putsRight whether groups, tags and delete-on-termination are put right
    EniReconciler(PendingOperations errands, NodeEnis lives, EniPlacements sites, LinkSetup links, boolean putsRight) {
        this.putsRight = putsRight;
        this.errands = errands;
        this.lives = lives;
        this.sites = sites;
        this.links = links;
    }

    // ---- one call for all who want to see

    private void want(Instant now, Priority priority, Seen seen) {
        next.add(seen);
        if (!underWay) {
            send(priority, now);
        }
    }

    private void send(Priority priority, Instant now) {
        underWay = true;
        List<Seen> these = next;
        next = new ArrayList<>();
        errands.ask(new Ec2Call.EnisOf(lives.instanceId()), priority, now, (outcome, asked, then) -> {
            underWay = false;
            these.forEach(seen -> seen.take(outcome, asked, then));
            if (!next.isEmpty() && !underWay) {
                send(priority, then);
            }
        });
    }

    // ---- proof for the pool

    void verify(Effect.Verify wish, Instant now) {
        kernelAsked.put(errands.askKernel(), new Verification(wish, now));
    }

    void kernelHolds(long look, Set<InetAddress> held, Instant now) {
        @Nullable Verification verification = kernelAsked.remove(look);
        if (verification == null) {
            return;
        }
        Effect.Verify wish = verification.wish();
        want(now, Priority.LOOK, (outcome, _, _) -> {
            if (outcome instanceof CallOutcome.Answer(Ec2Answer.Enis(var enis))) {
                Map<EniId, Set<Cidr>> listed = listed(enis);
                errands.tell(new Message.Verified(
                        wish.request(),
                        new Evidence(
                                verification.asked(),
                                listed.containsKey(wish.eni()),
                                listed.getOrDefault(wish.eni(), Set.of()),
                                held)));
            } else {
                Ec2Failure failure = PendingOperations.misfit(new Ec2Call.EnisOf(lives.instanceId()), outcome);
                errands.fail(wish, AllocationErrors.of(failure.kind()), String.valueOf(failure.getMessage()));
            }
        });
    }

    void kernelSilent(long look, String reason) {
        @Nullable Verification verification = kernelAsked.remove(look);
        if (verification != null) {
            errands.fail(verification.wish(), AllocationError.OTHER, reason);
        }
    }

    // ---- the look of each minute

    void look(Instant now) {
        if (sites.wantsRegularLook(now)) {
            Ec2Call call = new Ec2Call.SubnetsOf(lives.identity.vpcId(), lives.identity.availabilityZone());
            errands.ask(call, Priority.LOOK, now, (outcome, _, then) -> {
                if (outcome instanceof CallOutcome.Answer(Ec2Answer.Subnets(var subnets))) {
                    sites.saw(subnets, then);
                } else {
                    sites.unseen(then);
                }
            });
        }
        if (!next.isEmpty()) {
            return; // the last look has not been answered
        }
        want(now, Priority.LOOK, (outcome, asked, then) -> {
            if (outcome instanceof CallOutcome.Answer(Ec2Answer.Enis(var enis))) {
                seen(enis, asked, then);
            }
        });
    }

    private void seen(List<Ec2Eni> enis, Instant asked, Instant now) {
        Set<EniId> here = new HashSet<>();
        lives.occupied(enis);
        for (Ec2Eni eni : enis) {
            @Nullable EniAttachment tie = eni.attachment();
            @Nullable InetAddress address = eni.primaryAddress();
            if (tie == null || address == null || tie.state() != State.ATTACHED) {
                continue;
            }
            here.add(eni.id());
            if (tie.networkCard() == 0 && tie.deviceIndex() == 0) {
                sites.primaryGroups(eni.groups());
            }
            @Nullable NodeEni life = lives.attached.get(eni.id());
            if (life != null) {
                seenAgain(life, eni, tie, asked, now);
            } else if (!lives.knows(eni.id()) && !lives.mayHaunt(eni.id(), asked)) {
                found(eni, tie, address, now);
            }
        }
        for (NodeEni life : List.copyOf(lives.attached.values())) {
            if (!here.contains(life.id)) {
                notSeen(life, asked);
            }
        }
        errands.tell(new Message.Ec2View(asked, listed(enis)));
    }

    private void found(Ec2Eni eni, EniAttachment tie, InetAddress address, Instant now) {
        LinkPlan plan = NodeEni.planOf(
                eni,
                tie,
                sites.roleOf(eni),
                address,
                sites.blockOf(eni.subnetId()).orElse(lives.blockOf(eni.subnetId())));
        NodeEni life = new NodeEni(plan, new KnownBlocks(address, eni.blocks(), now), EniPhase.LINKING, now);
        life.attachmentId = tie.id();
        life.found = eni.blocks();
        life.subnetId = eni.subnetId();
        lives.attached.put(life.id, life);
        errands.notice(
                EniNotice.Kind.ENI_FOUND, eni.id().value(), "EC2 lists " + eni.id() + ", which is new on this node");
        links.wanted(life, now);
    }

    private void seenAgain(NodeEni life, Ec2Eni eni, EniAttachment tie, Instant asked, Instant now) {
        life.missingSince = null;
        life.found = eni.blocks();
        life.blocks.lacked(eni.blocks(), asked, now);
        life.subnetId = eni.subnetId();
        if (!asked.isAfter(life.changedAt.plus(Lag.MAX)) && life.attachmentId != null) {
            return; // it may show what was before the last change
        }
        life.attachmentId = tie.id();
        EniRole role = sites.roleOf(eni);
        if (life.role != role) {
            boolean wasManaged = life.isManaged();
            life.role = role;
            life.link = life.link.withRole(role);
            if (life.isManaged() && !wasManaged) {
                life.roleToTell = true; // pods may have it once its link is set up
                links.wanted(life, now);
            } else if (life.told && !(life.roleToTell && life.isManaged())) { // or when its link is set up again
                errands.tell(new Message.EniRoleIs(life.id, role));
            }
        }
        if (putsRight && !life.beingPutRight && mayPutRight(life)) {
            putRight(life, eni, tie, now);
        }
    }

    /// Gone by somebody else's hand, when two views that lie further apart than views lag say so.
    private void notSeen(NodeEni life, Instant asked) {
        if (life.primary || lives.departures.containsKey(life.id) || asked.isBefore(life.changedAt.plus(Lag.MAX))) {
            return;
        }
        if (life.missingSince == null) {
            life.missingSince = asked;
        } else if (asked.isAfter(life.missingSince.plus(Lag.MAX))) {
            lives.attached.remove(life.id);
            errands.takeDown(life.id);
            errands.tell(new Message.EniDetached(life.id));
            errands.notice(
                    EniNotice.Kind.ENI_LOST, life.id.value(), "Somebody detached " + life.id + " from this node");
        }
    }

    // ---- put right what differs

    private void putRight(NodeEni life, Ec2Eni eni, EniAttachment tie, Instant now) {
        List<String> groups = sites.groupsFor(eni);
        var tags = sites.missingTags(eni);
        boolean made =
                eni.description().equals(sites.description()); // somebody else's may be meant to outlive the node
        if (made && !tie.deleteOnTermination() && !life.primary) {
            ask(life, new Ec2Call.DeleteOnTermination(life.id, tie.id()), "delete-on-termination", now);
        } else if (!groups.isEmpty() && !Set.copyOf(groups).equals(Set.copyOf(eni.groups()))) {
            ask(life, new Ec2Call.SetGroups(life.id, groups), "security groups " + groups, now);
        } else if (!tags.isEmpty()) {
            ask(life, new Ec2Call.Tag(life.id, tags), "tags " + tags.keySet(), now);
        }
    }

    private boolean mayPutRight(NodeEni life) {
        return lives.mayChange(life) && !lives.departures.containsKey(life.id);
    }

    private void ask(NodeEni life, Ec2Call call, String what, Instant now) {
        life.beingPutRight = true;
        errands.ask(call, Priority.CLEAN_UP, now, _ -> mayPutRight(life), (outcome, _, then) -> {
            life.beingPutRight = false;
            switch (outcome) {
                case CallOutcome.Answer _ -> {
                    life.changedAt = then;
                    errands.notice(EniNotice.Kind.ENI_CORRECTED, life.id.value(), "Set " + what + " of " + life.id);
                }
                case CallOutcome.Failure(Ec2Failure failure) -> life.note = String.valueOf(failure.getMessage());
            }
        });
    }

    /// By attached ENI, its secondary addresses and prefixes.
    private static Map<EniId, Set<Cidr>> listed(List<Ec2Eni> enis) {
        Map<EniId, Set<Cidr>> listed = new HashMap<>();
        for (Ec2Eni eni : enis) {
            @Nullable EniAttachment tie = eni.attachment();
            if (tie != null && tie.state() == State.ATTACHED && eni.primaryAddress() != null) {
                listed.put(eni.id(), Set.copyOf(eni.blocks()));
            }
        }
        return listed;
    }
}
