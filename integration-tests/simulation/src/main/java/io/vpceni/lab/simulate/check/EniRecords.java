package io.vpceni.lab.simulate.check;

import io.vpceni.config.DeviceSlot;
import io.vpceni.eni.Ec2Answer;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Eni;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.EniAttachment;
import io.vpceni.eni.EniLabels;
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
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The checker's records of ENIs: what the disk says was begun, what was called, who made what, and what of it is left.
public final class EniRecords {
    /// Others' ENIs are younger than this while their nodes still attach them.
    private static final Duration OTHERS_AGE_MIN = Duration.ofMinutes(5);

    private final SimulatedVpc ec2;

    /// The last intent on the disk of each birth, by client token.
    private final Map<String, Intent> births = new LinkedHashMap<>();

    /// When each birth was promised its place.
    private final Map<String, Instant> begun = new HashMap<>();

    /// The last intent on the disk of each removal.
    private final Map<EniId, Intent> removals = new LinkedHashMap<>();

    private final Map<EniId, String> tokens = new HashMap<>();
    private final Map<String, EniId> made = new HashMap<>();

    /// Tokens and ENIs of works of which something could not be written.
    private final Set<Object> blurred = new HashSet<>();

    /// ENIs that people laid hands on.
    private final Set<EniId> touched = new HashSet<>();

    // What this life of ipamd knows:
    private final Set<String> ofThisLife = new HashSet<>();
    private final Map<Long, Ec2Call<?>> underWay = new HashMap<>();
    private final Set<EniId> promised = new HashSet<>();
    private final Map<EniId, Instant> told = new HashMap<>();
    private final Set<EniId> listed = new HashSet<>();
    private boolean ending;
    private final Set<EniId> leavingWhenItEnds = new HashSet<>();

    public EniRecords(SimulatedVpc ec2) {
        this.ec2 = ec2;
    }

    // ---- the disk

    public void durable(Intent intent) {
        switch (intent) {
            case Intent.Creating(String token, String _, var _, Instant _) -> {
                Intent before = births.get(token);
                require(
                        before == null || before instanceof Intent.Creating,
                        Invariant.INTENT_FIRST,
                        "a token is used a second time: " + intent);
                births.put(token, intent);
                begun.put(token, intent.at());
                ofThisLife.add(token);
            }
            case Intent.Attaching(String token, EniId _, Instant _) -> births.put(token, intent);
            case Intent.SettingDeleteOnTermination(String token, EniId _, String _, Instant _) ->
                births.put(token, intent);
            case Intent.Added(String token, EniId _, Instant _) -> births.put(token, intent);
            case Intent.Undoing(String token, EniId _, Instant _) -> births.put(token, intent);
            case Intent.Undone(String token, Instant _) -> {
                births.put(token, intent);
                EniId eni = made.get(token);
                Intent removal = removals.get(eni);
                if (!(removal instanceof Intent.Detaching
                        || removal instanceof Intent.Deleting)) { // it goes on with it
                    requireGone(eni, intent);
                }
            }
            case Intent.Detaching(EniId eni, String _, Instant _) -> removals.put(eni, intent);
            case Intent.Deleting(EniId eni, Instant _) -> removals.put(eni, intent);
            case Intent.Deleted(EniId eni, Instant _) -> {
                removals.put(eni, intent);
                requireGone(eni, intent);
            }
            case Intent.Kept(EniId eni, Instant _) -> removals.put(eni, intent);
        }
    }

    /// The kernel is to forget an ENI.
    public void takesDown(EniId eni) {
        boolean undone = birthOf(eni) instanceof Intent.Undoing || birthOf(eni) instanceof Intent.Undone;
        boolean attached = ec2.eni(eni).isPresent() && (told.containsKey(eni) || listed.contains(eni)) && !undone;
        require(!attached, Invariant.OLD_VIEWS, "takes the link of " + eni + " down, which is attached");
    }

    /// What step of which kind of work a call is; empty when it is none that an intent tells of.
    public Optional<Class<? extends Intent>> stepOf(Ec2Call<?> call) {
        return switch (call) {
            case Ec2Call.Create create ->
                Optional.ofNullable(births.get(create.clientToken())).map(Intent::getClass);
            case Ec2Call.Attach attach ->
                Optional.ofNullable(birthOf(attach.eni())).map(Intent::getClass);
            case Ec2Call.DeleteOnTermination modify ->
                Optional.ofNullable(birthOf(modify.eni())).map(Intent::getClass);
            case Ec2Call.Detach detach -> stepOf(detach.eni());
            case Ec2Call.Delete delete -> stepOf(delete.eni());
            case Ec2Call.LimitsOf _,
                    Ec2Call.EnisOf _,
                    Ec2Call.OneEni _,
                    Ec2Call.UnattachedOf _,
                    Ec2Call.LeftOverIn _,
                    Ec2Call.SubnetsOf _,
                    Ec2Call.SetGroups _,
                    Ec2Call.Tag _,
                    Ec2Call.Assign _,
                    Ec2Call.Unassign _ -> Optional.empty();
        };
    }

    private Optional<Class<? extends Intent>> stepOf(EniId eni) {
        Intent removal = removals.get(eni);
        return Optional.ofNullable(removal == null ? birthOf(eni) : removal).map(Intent::getClass);
    }

    /// What is said to have gone has.
    private void requireGone(@Nullable EniId eni, Intent intent) {
        if (eni != null && tokens.containsKey(eni) && !touched.contains(eni) && !blurred.contains(eni)) {
            require(ec2.find(eni).isEmpty(), Invariant.NOTHING_LEAKS, eni + " is there and the disk says: " + intent);
        }
    }

    /// The disk was full: what it says of that work is not what was meant to be said.
    public void unwritten(Intent intent) {
        switch (intent) {
            case Intent.Creating creating -> blurred.add(creating.token());
            case Intent.Attaching attaching -> blurred.add(attaching.token());
            case Intent.SettingDeleteOnTermination setting -> blurred.add(setting.token());
            case Intent.Added added -> blurred.add(added.token());
            case Intent.Undoing undoing -> blurred.add(undoing.token());
            case Intent.Undone undone -> blurred.add(undone.token());
            case Intent.Detaching detaching -> blurred.add(detaching.eni());
            case Intent.Deleting deleting -> blurred.add(deleting.eni());
            case Intent.Deleted deleted -> blurred.add(deleted.eni());
            case Intent.Kept kept -> blurred.add(kept.eni());
        }
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
                boolean early = birthOf(modify.eni()) instanceof Intent.Attaching attaching
                        && ofThisLife.contains(attaching.token())
                        && !blurred.contains(attaching.token());
                require(!early, Invariant.INTENT_FIRST, "no intent says so: " + modify);
            }
            case Ec2Call.Detach detach -> {
                boolean said = birthOf(detach.eni()) instanceof Intent.Undoing
                        || removals.get(detach.eni()) instanceof Intent.Detaching;
                require(said, Invariant.INTENT_FIRST, "no intent says so: " + detach);
                requireNotEnding(detach.eni(), detach);
            }
            case Ec2Call.Delete delete -> {
                Intent removal = removals.get(delete.eni());
                boolean said = birthOf(delete.eni()) instanceof Intent.Undoing
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

    private @Nullable Intent birthOf(EniId eni) {
        String token = tokens.get(eni);
        return token == null ? null : births.get(token);
    }

    private void requireIntent(Ec2Call.Create create) {
        boolean said = births.get(create.clientToken()) instanceof Intent.Creating creating
                && creating.subnetId().equals(create.request().subnetId());
        require(said, Invariant.INTENT_FIRST, "no intent says so: " + create);
    }

    private void requireIntent(Ec2Call.Attach attach) {
        boolean said = birthOf(attach.eni()) instanceof Intent.Attaching;
        require(said, Invariant.INTENT_FIRST, "no intent says so: " + attach);
        Instant decided = begun.getOrDefault(tokens.getOrDefault(attach.eni(), ""), Instant.MIN);
        DeviceSlot place = attach.slot();
        for (Ec2Call<?> other : underWay.values()) {
            boolean here = other instanceof Ec2Call.Attach(EniId eni, String _, DeviceSlot slot)
                    && !eni.equals(attach.eni())
                    && place.equals(slot);
            require(!here, Invariant.WITHIN_LIMITS, "device index promised twice: " + other + " and " + attach);
        }
        for (SimulatedEni eni : ec2.existing()) {
            boolean here = eni.hasAttachmentTo(attach.instanceId())
                    && eni.card() == place.networkCard()
                    && eni.index() == place.deviceIndex()
                    && !eni.id().equals(attach.eni())
                    && !touched.contains(eni.id())
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
        leavingWhenItEnds.addAll(removals.keySet());
        for (Effect.Request request : wanted) {
            switch (request) {
                case Effect.Unassign unassign -> leavingWhenItEnds.add(unassign.eni());
                case Effect.RemoveEni remove -> leavingWhenItEnds.add(remove.eni());
                case Effect.AssignBlocks _, Effect.AddEni _, Effect.Verify _ -> {}
            }
        }
    }

    private void requireNotEnding(EniId eni, Ec2Call<?> call) {
        boolean fine = !ending || leavingWhenItEnds.contains(eni) || birthOf(eni) instanceof Intent.Undoing;
        require(fine, Invariant.NEVER_RELEASED_IN_USE, "the node is being terminated and gives back: " + call);
    }

    public void crashed() {
        ofThisLife.clear();
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

    public void created(SimulatedEni eni, Ec2Call.Create create) {
        tokens.put(eni.id(), create.clientToken());
        made.put(create.clientToken(), eni.id());
    }

    public void attached(SimulatedEni eni, Ec2Call.Attach attach) {
        require(tokens.containsKey(eni.id()), Invariant.ONLY_OURS, "somebody else's ENI: " + attach);
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
        if (tokens.containsKey(eni.id())) {
            return;
        }
        String owner = eni.tags().getOrDefault(EniLabels.INSTANCE_ID, "");
        boolean cluster = !owner.isEmpty()
                && eni.role() == EniRole.PODS
                && eni.now().description().equals(EniLabels.description(owner));
        boolean removal = removals.get(eni.id()) instanceof Intent.Deleting && touched.contains(eni.id());
        require(cluster || removal, Invariant.ONLY_OURS, "somebody else's ENI: " + delete);
        require(
                !cluster || !eni.createdAt().plus(OTHERS_AGE_MIN).isAfter(now),
                Invariant.ONLY_OURS,
                "an ENI that another node made "
                        + Duration.between(eni.createdAt(), now).toSeconds() + " s ago: " + delete);
    }

    /// Somebody attached, detached or deleted it by hand.
    public void touched(EniId eni) {
        touched.add(eni);
    }

    /// Whether the product is about to remove it.
    public boolean isLeaving(EniId eni) {
        return removals.get(eni) instanceof Intent.Detaching || removals.get(eni) instanceof Intent.Deleting;
    }

    public boolean isTouched(EniId eni) {
        return touched.contains(eni);
    }

    // ---- quiescence

    /// What is left over of what this node did, when it had time enough.
    ///
    /// @param since what began after that has time still
    public List<String> leaks(Instant since) {
        List<String> leaks = new ArrayList<>();
        for (SimulatedEni eni : ec2.existing()) {
            Intent removal = removals.get(eni.id());
            boolean young = eni.createdAt().isAfter(since)
                    || (removal != null && removal.at().isAfter(since));
            if (!tokens.containsKey(eni.id()) || touched.contains(eni.id()) || young) {
                continue;
            }
            EniAttachment attachment = eni.attachment().orElse(null);
            if (attachment == null) {
                leaks.add(eni.id() + " was made for this node and is attached to nothing");
            } else if (!attachment.deleteOnTermination()) {
                leaks.add(eni.id() + " stays behind when its instance goes");
            }
        }
        for (Map.Entry<String, Intent> birth : births.entrySet()) {
            Intent intent = birth.getValue();
            boolean open = !blurred.contains(birth.getKey()) && !intent.at().isAfter(since);
            if (open && !(intent instanceof Intent.Added || intent instanceof Intent.Undone)) {
                leaks.add("neither finished nor undone: " + intent);
            }
        }
        for (Map.Entry<EniId, Intent> removal : removals.entrySet()) {
            Intent intent = removal.getValue();
            boolean open = !blurred.contains(removal.getKey()) && !intent.at().isAfter(since);
            if (open && !(intent instanceof Intent.Deleted || intent instanceof Intent.Kept)) {
                leaks.add("neither finished nor given up: " + intent);
            }
        }
        return leaks;
    }

    private static void require(boolean holds, Invariant invariant, String otherwise) {
        if (!holds) {
            throw new Violation(invariant, otherwise);
        }
    }
}
