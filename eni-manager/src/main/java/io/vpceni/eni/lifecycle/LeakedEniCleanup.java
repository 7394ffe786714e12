package io.vpceni.eni.lifecycle;

import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Eni;
import io.vpceni.eni.EniLabels;
import io.vpceni.eni.InstanceId;
import io.vpceni.pool.EniRole;
import io.vpceni.pool.Lag;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// ENIs that are attached to nothing: this node's own, whose creation or removal was cut off, and, where that is
/// wanted, those of the cluster's nodes that are no more.
final class LeakedEniCleanup {

    /// Of this node's own, without an intent that tells of it.
    private static final Duration OWN_AGE_MIN = Duration.ofMinutes(5);

    /// Of another node's: twice as long as any creation takes, and more.
    private static final Duration OTHERS_AGE_MIN = Duration.ofMinutes(15);

    private static final Duration CLUSTER_EVERY = Duration.ofHours(1);

    /// So that nodes which start together do not ask together.
    private static final Duration CLUSTER_SPREAD = Duration.ofMinutes(5);

    /// More are left to the next clean-up, or to another node's.
    private static final int DELETIONS_MAX = 20;

    private final PendingOperations operations;
    private final NodeEnis nodeEnis;
    private final EniRemovals removals;
    private final LifecycleSettings settings;
    private final RandomGenerator random;
    private final Leadership leadership;

    private boolean underWay;
    private boolean againPlanned;

    LeakedEniCleanup(
            PendingOperations operations,
            NodeEnis nodeEnis,
            EniRemovals removals,
            LifecycleSettings settings,
            RandomGenerator random,
            Leadership leadership) {
        this.operations = operations;
        this.nodeEnis = nodeEnis;
        this.removals = removals;
        this.settings = settings;
        this.random = random;
        this.leadership = leadership;
    }

    /// The cluster comes later: what a restart needs is this node's own.
    void start(Instant now) {
        cleanUpOwn(now);
        if (settings.cleansUpCluster() && settings.clusterName().isPresent()) {
            operations.later(new DelayedOperation.CleanUpCluster(), spread(), now);
        }
    }

    private Duration spread() {
        return Duration.ofSeconds(random.nextInt((int) CLUSTER_SPREAD.toSeconds()));
    }

    /// Whether a call whose turn has come is to leave.
    ///
    /// @param asked when it was wanted
    boolean isStillWanted(PendingOperation.OfCleanup operation, Instant asked, Instant now) {
        return switch (operation) {
            case PendingOperation.TagFirstSeen _ -> mayChangeCluster() && EniRemovals.isRecent(asked, now);
            case PendingOperation.ListClusterUnattached _ -> mayChangeCluster();
            case PendingOperation.ListOwnUnattached _ -> true;
        };
    }

    void concluded(PendingOperation.OfCleanup operation, CallConclusion conclusion) {
        switch (operation) {
            case PendingOperation.ListOwnUnattached _ -> ownListed(conclusion);
            case PendingOperation.ListClusterUnattached _ -> clusterListed(conclusion);
            case PendingOperation.TagFirstSeen _ -> {} // a failure is made good by the next clean-up
        }
    }

    void due(DelayedOperation.OfCleanup operation, Instant now) {
        switch (operation) {
            case DelayedOperation.CleanUpOwn _ -> cleanUpOwn(now);
            case DelayedOperation.CleanUpOwnAgain _ -> {
                againPlanned = false;
                cleanUpOwn(now);
            }
            case DelayedOperation.CleanUpCluster _ -> listCluster(now);
        }
    }

    // ---- this node's own

    void cleanUpOwn(Instant now) {
        if (!underWay) {
            underWay = true;
            operations.ask(
                    new Ec2Call.UnattachedOf(nodeEnis.instanceId()),
                    Priority.CLEAN_UP,
                    new PendingOperation.ListOwnUnattached(),
                    now);
        }
    }

    private void ownListed(CallConclusion conclusion) {
        underWay = false;
        conclusion.enis().ifPresent(enis -> ownSeen(enis, conclusion.asked(), conclusion.at()));
        if (!nodeEnis.uncertain.isEmpty() && !againPlanned) {
            againPlanned = true;
            operations.later(new DelayedOperation.CleanUpOwnAgain(), Lag.MAX.plusSeconds(1), conclusion.at());
        }
    }

    private void ownSeen(List<Ec2Eni> enis, Instant asked, Instant now) {
        List<UncertainCreation> uncertain = List.copyOf(nodeEnis.uncertain);
        // While EC2 is asked to create one, its id is not known here: it would pass for a leaked one.
        Optional<Instant> namelessSince = nodeEnis.creations.stream()
                .filter(creation -> creation.stage().phase() == EniPhase.CREATING)
                .map(creation -> creation.begun)
                .min(Instant::compareTo);
        for (Ec2Eni eni : enis) {
            if (!isOurs(eni, nodeEnis.instanceId())
                    || nodeEnis.knows(eni.id())
                    || nodeEnis.mayBeStale(eni.id(), asked)) {
                continue;
            }
            // What was attached just before the start may show as unattached.
            boolean cutOff =
                    !uncertain.isEmpty() && namelessSince.isEmpty() && asked.isAfter(nodeEnis.startedAt.plus(Lag.MAX));
            boolean old = isOlderThan(eni, OWN_AGE_MIN, now)
                    && createdAt(eni)
                            .filter(namelessSince.orElse(Instant.MAX)::isAfter)
                            .isPresent();
            if (cutOff || old) {
                removals.leaked(eni.id(), false, now);
            }
        }
        for (UncertainCreation creation : uncertain) {
            if (namelessSince.isEmpty() && asked.isAfter(creation.since().plus(Lag.MAX))) {
                nodeEnis.uncertain.remove(creation);
                operations.write(new Intent.Undone(creation.token(), now));
            }
        }
    }

    // ---- the cluster's

    private void listCluster(Instant now) {
        if (!mayChangeCluster()) {
            Duration wait = CLUSTER_EVERY.plus(spread());
            operations.later(new DelayedOperation.CleanUpCluster(), wait, now); // the leader may be gone by then
            return;
        }
        settings.clusterName()
                .ifPresent(cluster -> operations.ask(
                        new Ec2Call.LeftOverIn(nodeEnis.identity.vpcId(), cluster),
                        Priority.CLEAN_UP,
                        new PendingOperation.ListClusterUnattached(),
                        now));
    }

    private boolean mayChangeCluster() {
        return leadership.role() != Leadership.Role.FOLLOWER;
    }

    private void clusterListed(CallConclusion conclusion) {
        if (mayChangeCluster()) { // another node may have been elected while EC2 answered
            conclusion.enis().ifPresent(enis -> clusterSeen(enis, conclusion.at()));
        }
        operations.later(new DelayedOperation.CleanUpCluster(), CLUSTER_EVERY.plus(spread()), conclusion.at());
    }

    private void clusterSeen(List<Ec2Eni> enis, Instant now) {
        int changes = 0;
        for (Ec2Eni eni : enis) {
            boolean anothers = ownerOf(eni)
                    .filter(owner -> !owner.equals(nodeEnis.instanceId()) && isOurs(eni, owner))
                    .isPresent();
            if (!anothers || nodeEnis.knows(eni.id()) || changes >= DELETIONS_MAX) {
                continue;
            }
            if (!eni.tags().containsKey(EniLabels.CREATED_AT)) {
                tagFirstSeen(eni, now);
                changes++;
            } else if (isOlderThan(eni, OTHERS_AGE_MIN, now)) {
                removals.leaked(eni.id(), true, now);
                changes++;
            }
        }
    }

    private void tagFirstSeen(Ec2Eni eni, Instant now) {
        TreeMap<String, String> since = new TreeMap<>();
        since.put(EniLabels.CREATED_AT, DateTimeFormatter.ISO_INSTANT.format(now.truncatedTo(ChronoUnit.SECONDS)));
        operations.ask(
                new Ec2Call.Tag(eni.id(), since), Priority.CLEAN_UP, new PendingOperation.TagFirstSeen(eni.id()), now);
    }

    /// The instance that it was made for; empty when its tag names none.
    private static Optional<InstanceId> ownerOf(Ec2Eni eni) {
        return Optional.ofNullable(eni.tags().get(EniLabels.INSTANCE_ID))
                .filter(owner -> !owner.isBlank())
                .map(InstanceId::new);
    }

    /// Made by ipamd or the AWS VPC CNI for that instance, for pods, and attached to nothing.
    private static boolean isOurs(Ec2Eni eni, InstanceId instanceId) {
        return eni.attachment() == null
                && eni.role() == EniRole.PODS
                && instanceId.value().equals(eni.tags().get(EniLabels.INSTANCE_ID))
                && EniLabels.description(instanceId).equals(eni.description());
    }

    /// One whose tag cannot be read is never old enough: a person has to look at it.
    private static boolean isOlderThan(Ec2Eni eni, Duration age, Instant now) {
        return createdAt(eni).filter(at -> at.plus(age).isBefore(now)).isPresent();
    }

    private static Optional<Instant> createdAt(Ec2Eni eni) {
        try {
            String text = eni.tags().getOrDefault(EniLabels.CREATED_AT, "");
            return Optional.of(OffsetDateTime.parse(text).toInstant()); // the AWS VPC CNI writes its node's zone
        } catch (DateTimeParseException _) {
            return Optional.empty();
        }
    }
}
