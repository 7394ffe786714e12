package io.vpceni.lab.simulate.check;

import io.vpceni.eni.ClientToken;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.EniAttachment;
import io.vpceni.eni.lifecycle.Intent;
import io.vpceni.eni.model.SimulatedEni;
import io.vpceni.eni.model.SimulatedVpc;
import io.vpceni.pool.EniId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The checker's records of intents: what the disk says was begun, of which ENIs, and what of it is left.
public final class IntentRecords {
    private final SimulatedVpc ec2;

    /// The last intent on the disk of each creation, by client token.
    private final Map<ClientToken, Intent> creations = new LinkedHashMap<>();

    /// When each creation was promised its place.
    private final Map<ClientToken, Instant> begun = new HashMap<>();

    /// The last intent on the disk of each removal.
    private final Map<EniId, Intent> removals = new LinkedHashMap<>();

    private final Map<EniId, ClientToken> tokens = new HashMap<>();
    private final Map<ClientToken, EniId> made = new HashMap<>();

    /// Tokens and ENIs of operations of which something could not be written.
    private final Set<Object> blurred = new HashSet<>();

    /// ENIs that people laid hands on.
    private final Set<EniId> touched = new HashSet<>();

    /// Tokens of creations that this life of ipamd began.
    private final Set<ClientToken> ofThisLife = new HashSet<>();

    IntentRecords(SimulatedVpc ec2) {
        this.ec2 = ec2;
    }

    public void durable(Intent intent) {
        switch (intent) {
            case Intent.Creating(ClientToken token, var _, var _, Instant _) -> {
                Intent before = creations.get(token);
                require(
                        before == null || before instanceof Intent.Creating,
                        Invariant.INTENT_FIRST,
                        "a token is used a second time: " + intent);
                creations.put(token, intent);
                begun.put(token, intent.at());
                ofThisLife.add(token);
            }
            case Intent.Attaching(ClientToken token, EniId _, Instant _) -> creations.put(token, intent);
            case Intent.SettingDeleteOnTermination(ClientToken token, EniId _, var _, Instant _) ->
                creations.put(token, intent);
            case Intent.Added(ClientToken token, EniId _, Instant _) -> creations.put(token, intent);
            case Intent.Undoing(ClientToken token, EniId _, Instant _) -> creations.put(token, intent);
            case Intent.Undone(ClientToken token, Instant _) -> {
                creations.put(token, intent);
                EniId eni = made.get(token);
                Intent removal = removals.get(eni);
                if (!(removal instanceof Intent.Detaching
                        || removal instanceof Intent.Deleting)) { // it goes on with it
                    requireGone(eni, intent);
                }
            }
            case Intent.Detaching(EniId eni, var _, Instant _) -> removals.put(eni, intent);
            case Intent.Deleting(EniId eni, Instant _) -> removals.put(eni, intent);
            case Intent.Deleted(EniId eni, Instant _) -> {
                removals.put(eni, intent);
                requireGone(eni, intent);
            }
            case Intent.Kept(EniId eni, Instant _) -> removals.put(eni, intent);
        }
    }

    /// What step of which kind of operation a call is; empty when it is none that an intent tells of.
    public Optional<Class<? extends Intent>> stepOf(Ec2Call<?> call) {
        return switch (call) {
            case Ec2Call.Create create ->
                Optional.ofNullable(creations.get(create.clientToken())).map(Intent::getClass);
            case Ec2Call.Attach attach ->
                Optional.ofNullable(creationOf(attach.eni())).map(Intent::getClass);
            case Ec2Call.DeleteOnTermination modify ->
                Optional.ofNullable(creationOf(modify.eni())).map(Intent::getClass);
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
        return Optional.ofNullable(removal == null ? creationOf(eni) : removal).map(Intent::getClass);
    }

    /// What is said to have gone has.
    private void requireGone(@Nullable EniId eni, Intent intent) {
        if (eni != null && tokens.containsKey(eni) && !touched.contains(eni) && !blurred.contains(eni)) {
            require(ec2.find(eni).isEmpty(), Invariant.NOTHING_LEAKS, eni + " is there and the disk says: " + intent);
        }
    }

    /// The disk was full: what it says of that operation is not what was meant to be said.
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

    @Nullable
    Intent creationOf(EniId eni) {
        ClientToken token = tokens.get(eni);
        return token == null ? null : creations.get(token);
    }

    /// The last intent of the creation with that token.
    @Nullable
    Intent creationOf(ClientToken token) {
        return creations.get(token);
    }

    @Nullable
    Intent removalOf(EniId eni) {
        return removals.get(eni);
    }

    /// When the creation of the ENI was begun; long ago when it was another's.
    Instant begunAt(EniId eni) {
        ClientToken token = tokens.get(eni);
        return token == null ? Instant.MIN : begun.getOrDefault(token, Instant.MIN);
    }

    /// Whether the disk took all that this life of ipamd had to say of the creation.
    boolean isWhole(ClientToken token) {
        return ofThisLife.contains(token) && !blurred.contains(token);
    }

    /// Whether this node made the ENI.
    boolean isOurs(EniId eni) {
        return tokens.containsKey(eni);
    }

    /// The ENIs whose removal was begun.
    Set<EniId> removed() {
        return Set.copyOf(removals.keySet());
    }

    void crashed() {
        ofThisLife.clear();
    }

    public void created(SimulatedEni eni, Ec2Call.Create create) {
        tokens.put(eni.id(), create.clientToken());
        made.put(create.clientToken(), eni.id());
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
        for (Map.Entry<ClientToken, Intent> creation : creations.entrySet()) {
            Intent intent = creation.getValue();
            boolean open = !blurred.contains(creation.getKey()) && !intent.at().isAfter(since);
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
