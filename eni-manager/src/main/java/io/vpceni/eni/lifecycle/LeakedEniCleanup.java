package io.vpceni.eni.lifecycle;

import io.vpceni.eni.Ec2Answer;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Eni;
import io.vpceni.eni.EniLabels;
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

/// ENIs that are attached to nothing: this node's own, whose birth or removal was cut off, and, where that is wanted,
/// those of the cluster's nodes that are no more.
final class LeakedEniCleanup {

    /// Of this node's own, without an intent that tells of it.
    private static final Duration OWN_AGE_MIN = Duration.ofMinutes(5);

    /// Of another node's: twice as long as any birth takes, and more.
    private static final Duration OTHERS_AGE_MIN = Duration.ofMinutes(15);

    private static final Duration CLUSTER_EVERY = Duration.ofHours(1);

    /// So that nodes which start together do not sweep together.
    private static final Duration CLUSTER_SPREAD = Duration.ofMinutes(5);

    /// More are left to the next sweep, or to another node's.
    private static final int DELETIONS_MAX = 20;

    private final PendingOperations errands;
    private final NodeEnis lives;
    private final EniRemovals departures;
    private final LifecycleSettings settings;
    private final RandomGenerator random;
    private final Leadership leadership;

    private boolean underWay;
    private boolean againPlanned;

    LeakedEniCleanup(
            PendingOperations errands,
            NodeEnis lives,
            EniRemovals departures,
            LifecycleSettings settings,
            RandomGenerator random,
            Leadership leadership) {
        this.errands = errands;
        this.lives = lives;
        this.departures = departures;
        this.settings = settings;
        this.random = random;
        this.leadership = leadership;
    }

    /// The first sweep of the cluster is later: what a restart needs is this node's own.
    void start(Instant now) {
        own(now);
        if (settings.sweepsCluster() && !settings.clusterName().isEmpty()) {
            errands.later(spread(), now, this::cluster);
        }
    }

    private Duration spread() {
        return Duration.ofSeconds(random.nextInt((int) CLUSTER_SPREAD.toSeconds()));
    }

    /// Looks for this node's own.
    void own(Instant now) {
        if (underWay) {
            return;
        }
        underWay = true;
        Ec2Call call = new Ec2Call.UnattachedOf(lives.instanceId());
        errands.ask(call, Priority.CLEAN_UP, now, (outcome, asked, then) -> {
            underWay = false;
            if (outcome instanceof CallOutcome.Answer(Ec2Answer.Enis(var enis))) {
                ownSeen(enis, asked, then);
            }
            boolean unsure = lives.births.stream().anyMatch(birth -> birth.stage == EniPhase.CREATION_UNCERTAIN);
            if (unsure && !againPlanned) {
                againPlanned = true;
                errands.later(Lag.MAX.plusSeconds(1), then, later -> {
                    againPlanned = false;
                    own(later);
                });
            }
        });
    }

    private void ownSeen(List<Ec2Eni> enis, Instant asked, Instant now) {
        List<EniCreation> phantoms = lives.births.stream()
                .filter(birth -> birth.stage == EniPhase.CREATION_UNCERTAIN)
                .toList();
        // While EC2 is asked to create one, its id is not known here: it would pass for a left-over.
        boolean nameless = lives.births.stream().anyMatch(birth -> birth.stage == EniPhase.CREATING);
        Instant namelessSince = lives.births.stream()
                .filter(birth -> birth.stage == EniPhase.CREATING)
                .map(birth -> birth.begun)
                .min(Instant::compareTo)
                .orElse(Instant.MAX);
        for (Ec2Eni eni : enis) {
            if (!isOurs(eni, lives.instanceId()) || lives.knows(eni.id()) || lives.mayHaunt(eni.id(), asked)) {
                continue;
            }
            // What was attached just before the start may show as loose.
            boolean cutOff = !phantoms.isEmpty() && !nameless && asked.isAfter(lives.startedAt.plus(Lag.MAX));
            boolean old = isOlderThan(eni, OWN_AGE_MIN, now)
                    && createdAt(eni).filter(namelessSince::isAfter).isPresent();
            if (cutOff || old) {
                departures.leftOver(eni.id(), now);
            }
        }
        for (EniCreation phantom : phantoms) {
            if (!nameless && asked.isAfter(phantom.lastAsked.plus(Lag.MAX))) {
                lives.births.remove(phantom);
                errands.write(new Intent.Undone(phantom.token, now));
            }
        }
    }

    private void cluster(Instant now) {
        if (leadership.role() == Leadership.Role.FOLLOWER) {
            errands.later(CLUSTER_EVERY.plus(spread()), now, this::cluster); // the leader may be gone by then
            return;
        }
        Ec2Call call = new Ec2Call.LeftOverIn(lives.identity.vpcId(), settings.clusterName());
        errands.ask(call, Priority.CLEAN_UP, now, (outcome, _, then) -> {
            if (outcome instanceof CallOutcome.Answer(Ec2Answer.Enis(var enis))) {
                clusterSeen(enis, then);
            }
            errands.later(CLUSTER_EVERY.plus(spread()), then, this::cluster);
        });
    }

    private void clusterSeen(List<Ec2Eni> enis, Instant now) {
        int deletions = 0;
        for (Ec2Eni eni : enis) {
            String owner = eni.tags().getOrDefault(EniLabels.INSTANCE_ID, "");
            boolean anothers = !owner.isEmpty() && !owner.equals(lives.instanceId());
            if (!anothers || !isOurs(eni, owner) || lives.knows(eni.id()) || deletions >= DELETIONS_MAX) {
                continue;
            }
            if (!eni.tags().containsKey(EniLabels.CREATED_AT)) {
                TreeMap<String, String> since = new TreeMap<>();
                since.put(
                        EniLabels.CREATED_AT,
                        DateTimeFormatter.ISO_INSTANT.format(now.truncatedTo(ChronoUnit.SECONDS)));
                errands.ask(
                        new Ec2Call.Tag(eni.id(), since),
                        Priority.CLEAN_UP,
                        now,
                        then -> EniRemovals.isRecent(now, then),
                        (_, _, _) -> {});
                deletions++;
            } else if (isOlderThan(eni, OTHERS_AGE_MIN, now)) {
                departures.leftOver(eni.id(), now);
                deletions++;
            }
        }
    }

    /// Made by ipamd or the AWS VPC CNI for that instance, for pods, and attached to nothing.
    private static boolean isOurs(Ec2Eni eni, String instanceId) {
        return eni.attachment() == null
                && eni.role() == EniRole.PODS
                && instanceId.equals(eni.tags().get(EniLabels.INSTANCE_ID))
                && EniLabels.description(instanceId).equals(eni.description());
    }

    /// One whose tag cannot be read is never old enough: it is a person's business.
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
