package io.vpceni.lab.simulate.check;

import io.vpceni.config.DeviceSlot;
import io.vpceni.eni.Ec2Answer;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Eni;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.EniLabels;
import io.vpceni.eni.InstanceId;
import io.vpceni.eni.lifecycle.EniMessage;
import io.vpceni.eni.lifecycle.Intent;
import io.vpceni.eni.model.SimulatedEni;
import io.vpceni.eni.model.SimulatedVpc;
import io.vpceni.lab.simulate.context.SimulatedIds;
import io.vpceni.pool.Effect;
import io.vpceni.pool.EniId;
import io.vpceni.pool.EniRole;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The checker's records of ENIs: what was called, what this life of ipamd knows, and whose ENIs EC2 changes.
public final class EniRecords {
    /// Others' ENIs are younger than this while their nodes still attach them.
    private static final Duration OTHERS_AGE_MIN = Duration.ofMinutes(5);

    private final SimulatedVpc ec2;
    private final IntentRecords intents;

    // What this life of ipamd knows:
    private final Map<Long, Ec2Call<?>> underWay = new HashMap<>();
    private final Set<EniId> promised = new HashSet<>();
    private final Map<EniId, Instant> told = new HashMap<>();
    private final Set<EniId> listed = new HashSet<>();
    private boolean ending;
    private final Set<EniId> leavingWhenItEnds = new HashSet<>();

    EniRecords(SimulatedVpc ec2, IntentRecords intents) {
        this.ec2 = ec2;
        this.intents = intents;
    }

    /// The kernel is to forget an ENI.
    public void takesDown(EniId eni) {
        boolean undone =
                intents.creationOf(eni) instanceof Intent.Undoing || intents.creationOf(eni) instanceof Intent.Undone;
        boolean attached = ec2.eni(eni).isPresent() && (told.containsKey(eni) || listed.contains(eni)) && !undone;
        require(!attached, Invariant.OLD_VIEWS, "takes the link of " + eni + " down, which is attached");
    }

    // ---- calls

    /// A call leaves the node.
    public void leaves(long call, Ec2Call<?> what, Collection<Effect.Request> wanted) {
        require(
                underWay.put(call, what) == null,
                Invariant.WITHIN_LIMITS,
                "a call number is under way twice: " + call + " " + what);
        switch (what) {
            case Ec2Call.Create create -> requireIntent(create);
            case Ec2Call.Attach attach -> requireIntent(attach);
            case Ec2Call.DeleteOnTermination modify -> {
                boolean early = intents.creationOf(modify.eni()) instanceof Intent.Attaching attaching
                        && intents.isWhole(attaching.token());
                require(!early, Invariant.INTENT_FIRST, "no intent says so: " + modify);
            }
            case Ec2Call.Detach detach -> {
                boolean said = intents.creationOf(detach.eni()) instanceof Intent.Undoing
                        || intents.removalOf(detach.eni()) instanceof Intent.Detaching;
                require(said, Invariant.INTENT_FIRST, "no intent says so: " + detach);
                requireNotEnding(detach.eni(), detach);
            }
            case Ec2Call.Delete delete -> {
                Intent removal = intents.removalOf(delete.eni());
                boolean said = intents.creationOf(delete.eni()) instanceof Intent.Undoing
                        || removal instanceof Intent.Deleting
                        || removal instanceof Intent.Detaching;
                require(said, Invariant.INTENT_FIRST, "no intent says so: " + delete);
            }
            case Ec2Call.Unassign unassign -> requireNotEnding(unassign.eni(), unassign);
            case Ec2Call.LimitsOf _,
                    Ec2Call.EnisOf _,
                    Ec2Call.OneEni _,
                    Ec2Call.UnattachedOf _,
                    Ec2Call.LeftOverIn _,
                    Ec2Call.SubnetsOf _,
                    Ec2Call.SetGroups _,
                    Ec2Call.Tag _,
                    Ec2Call.Assign _ -> {}
        }
    }

    private void requireIntent(Ec2Call.Create create) {
        boolean said = intents.creationOf(create.clientToken()) instanceof Intent.Creating creating
                && creating.subnetId().equals(create.request().subnetId());
        require(said, Invariant.INTENT_FIRST, "no intent says so: " + create);
    }

    private void requireIntent(Ec2Call.Attach attach) {
        boolean said = intents.creationOf(attach.eni()) instanceof Intent.Attaching;
        require(said, Invariant.INTENT_FIRST, "no intent says so: " + attach);
        Instant decided = intents.begunAt(attach.eni());
        DeviceSlot place = attach.slot();
        for (Ec2Call<?> other : underWay.values()) {
            boolean here = other instanceof Ec2Call.Attach(EniId eni, var _, DeviceSlot slot)
                    && !eni.equals(attach.eni())
                    && place.equals(slot);
            require(!here, Invariant.WITHIN_LIMITS, "device index promised twice: " + other + " and " + attach);
        }
        for (SimulatedEni eni : ec2.existing()) {
            boolean here = eni.hasAttachmentTo(attach.instanceId())
                    && eni.card() == place.networkCard()
                    && eni.index() == place.deviceIndex()
                    && !eni.id().equals(attach.eni())
                    && !intents.isTouched(eni.id())
                    && (promised.contains(eni.id()) || wasTold(eni.id(), decided));
            require(!here, Invariant.WITHIN_LIMITS, "device index of " + eni.id() + " promised again: " + attach);
        }
        promised.add(attach.eni());
    }

    /// Whether the product knew that the ENI is attached when it decided.
    private boolean wasTold(EniId eni, Instant decided) {
        Instant at = told.get(eni);
        return at != null && at.isBefore(decided);
    }

    /// An answer arrives at the product.
    public void arrives(EniMessage message, Instant now) {
        switch (message) {
            case EniMessage.Answered(long call, Ec2Answer answer) -> {
                Ec2Call<?> what = underWay.remove(call);
                if (what instanceof Ec2Call.Attach attach) {
                    told.putIfAbsent(attach.eni(), now);
                }
                if (what instanceof Ec2Call.EnisOf && answer instanceof Ec2Answer.Enis(List<Ec2Eni> enis)) {
                    enis.forEach(eni -> listed.add(eni.id()));
                }
            }
            case EniMessage.Failed(long call, Ec2Failure _) -> {
                var _ = underWay.remove(call);
            }
            case EniMessage.NodeEnds _ -> ending = true;
            case EniMessage.Wanted _,
                    EniMessage.LinkReady _,
                    EniMessage.LinkFailed _,
                    EniMessage.KernelHolds _,
                    EniMessage.KernelSilent _,
                    EniMessage.Reconcile _,
                    EniMessage.Tick _ -> {}
        }
    }

    /// From now on nothing is given back that was not being given back.
    public void ends(Collection<Effect.Request> wanted) {
        ending = true;
        leavingWhenItEnds.addAll(intents.removed());
        for (Effect.Request request : wanted) {
            switch (request) {
                case Effect.Unassign unassign -> leavingWhenItEnds.add(unassign.eni());
                case Effect.RemoveEni remove -> leavingWhenItEnds.add(remove.eni());
                case Effect.AssignBlocks _, Effect.AddEni _, Effect.Verify _ -> {}
            }
        }
    }

    private void requireNotEnding(EniId eni, Ec2Call<?> call) {
        boolean fine = !ending || leavingWhenItEnds.contains(eni) || intents.creationOf(eni) instanceof Intent.Undoing;
        require(fine, Invariant.NEVER_RELEASED_IN_USE, "the node is being terminated and gives back: " + call);
    }

    public void crashed() {
        underWay.clear();
        promised.clear();
        told.clear();
        listed.clear();
        ending = false;
        leavingWhenItEnds.clear();
    }

    /// A start was shown these.
    public void startView(Collection<EniId> enis, Instant now) {
        enis.forEach(eni -> told.put(eni, now));
    }

    // ---- EC2

    public void attached(SimulatedEni eni, Ec2Call.Attach attach) {
        require(intents.isOurs(eni.id()), Invariant.ONLY_OURS, "somebody else's ENI: " + attach);
    }

    /// Its tags, groups or delete-on-termination are changed.
    public void changed(SimulatedEni eni, Ec2Call<?> call) {
        boolean fine = eni.role() != EniRole.UNMANAGED || eni.isRoleNew();
        require(fine, Invariant.ONLY_OURS, "an ENI that is not managed: " + call);
    }

    public void detaches(SimulatedEni eni, Ec2Call.Detach detach) {
        boolean ours = eni.hasAttachmentTo(SimulatedIds.NODE)
                && !eni.primary()
                && (eni.role() == EniRole.PODS || eni.isRoleNew());
        require(ours, Invariant.ONLY_OURS, "an ENI that is not the pool's to remove: " + detach);
    }

    public void deleted(SimulatedEni eni, Ec2Call.Delete delete, Instant now) {
        if (intents.isOurs(eni.id())) {
            return;
        }
        String owner = eni.tags().getOrDefault(EniLabels.INSTANCE_ID, "");
        boolean cluster = !owner.isBlank()
                && eni.role() == EniRole.PODS
                && eni.now().description().equals(EniLabels.description(new InstanceId(owner)));
        boolean removal = intents.removalOf(eni.id()) instanceof Intent.Deleting && intents.isTouched(eni.id());
        require(cluster || removal, Invariant.ONLY_OURS, "somebody else's ENI: " + delete);
        require(
                !cluster || !eni.createdAt().plus(OTHERS_AGE_MIN).isAfter(now),
                Invariant.ONLY_OURS,
                "an ENI that another node made "
                        + Duration.between(eni.createdAt(), now).toSeconds() + " s ago: " + delete);
    }

    /// Whether a call lists or changes what vanished nodes of the cluster left.
    public boolean isClusterCleanUp(Ec2Call<?> call) {
        return switch (call) {
            case Ec2Call.LeftOverIn _ -> true;
            case Ec2Call.Delete(EniId eni) -> isLeftByAnotherNode(eni);
            case Ec2Call.Tag(EniId eni, var _) -> isLeftByAnotherNode(eni);
            case Ec2Call.LimitsOf _,
                    Ec2Call.EnisOf _,
                    Ec2Call.OneEni _,
                    Ec2Call.UnattachedOf _,
                    Ec2Call.SubnetsOf _,
                    Ec2Call.Create _,
                    Ec2Call.Attach _,
                    Ec2Call.DeleteOnTermination _,
                    Ec2Call.Detach _,
                    Ec2Call.SetGroups _,
                    Ec2Call.Assign _,
                    Ec2Call.Unassign _ -> false;
        };
    }

    private boolean isLeftByAnotherNode(EniId id) {
        return ec2.eni(id)
                .filter(eni -> eni.attachment().isEmpty() && !intents.isTouched(id))
                .map(eni -> eni.tags().getOrDefault(EniLabels.INSTANCE_ID, SimulatedIds.NODE.value()))
                .filter(owner -> !owner.equals(SimulatedIds.NODE.value()))
                .isPresent();
    }

    private static void require(boolean holds, Invariant invariant, String otherwise) {
        if (!holds) {
            throw new Violation(invariant, otherwise);
        }
    }
}
