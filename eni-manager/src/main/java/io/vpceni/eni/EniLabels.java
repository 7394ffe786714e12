package io.vpceni.eni;

import io.vpceni.config.ClusterName;
import io.vpceni.config.EniSettings;
import io.vpceni.pool.EniRole;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/// Description and tags of a new ENI: the AWS VPC CNI's, so that tools which look for its ENIs find ours.
public final class EniLabels {

    /// With the value `true`: somebody else's, to be left alone.
    public static final String NO_MANAGE = "node.k8s.amazonaws.com/no_manage";

    /// The instance that an ENI was made for.
    public static final String INSTANCE_ID = "node.k8s.amazonaws.com/instance_id";

    /// Only on ENIs of a node that knows its cluster's name.
    public static final String CLUSTER_NAME = "cluster.k8s.amazonaws.com/name";

    /// When it was made, as in `2026-11-21T12:00:00Z`.
    public static final String CREATED_AT = "node.k8s.amazonaws.com/createdAt";

    /// No ENI takes longer from its creation to its attachment, or to its undoing.
    private static final Duration BIRTH_MAX = Duration.ofMinutes(5);

    private final EniSettings settings;

    private final InstantSource time;

    EniLabels(EniSettings settings, InstantSource time) {
        this.settings = settings;
        this.time = time;
    }

    /// By it the AWS VPC CNI knows ENIs that one of its nodes made.
    public static String description(InstanceId instanceId) {
        return "aws-K8S-" + instanceId;
    }

    /// Whether an ENI that is attached to nothing was made by this node, and not just now.
    static boolean isLeftOver(Ec2Eni eni, InstanceId instanceId, Instant now) {
        try {
            Instant created = Instant.parse(eni.tags().getOrDefault(CREATED_AT, ""));
            return eni.attachment() == null
                    && instanceId.value().equals(eni.tags().get(INSTANCE_ID))
                    && description(instanceId).equals(eni.description())
                    && eni.role() == EniRole.PODS
                    && created.plus(BIRTH_MAX).isBefore(now);
        } catch (DateTimeParseException _) {
            return false; // not ours, or not as we made it
        }
    }

    SequencedMap<String, String> tags(InstanceId instanceId) {
        return tags(instanceId, settings.clusterName(), time.instant());
    }

    /// All tags of a new ENI; may be added to.
    ///
    /// @param clusterName empty when it is not known
    public static SequencedMap<String, String> tags(
            InstanceId instanceId, Optional<ClusterName> clusterName, Instant now) {
        SequencedMap<String, String> tags = new LinkedHashMap<>();
        tags.put(INSTANCE_ID, instanceId.value());
        tags.put(CREATED_AT, DateTimeFormatter.ISO_INSTANT.format(now.truncatedTo(ChronoUnit.SECONDS)));
        tags.putAll(ownership(instanceId, clusterName));
        return tags;
    }

    /// The tags that say whose an ENI is; may be added to.
    ///
    /// @param clusterName empty when it is not known
    public static SequencedMap<String, String> ownership(InstanceId instanceId, Optional<ClusterName> clusterName) {
        SequencedMap<String, String> tags = new LinkedHashMap<>();
        tags.put(INSTANCE_ID, instanceId.value());
        clusterName.ifPresent(name -> {
            tags.put(CLUSTER_NAME, name.value());
            tags.put("eks:eni:owner", "amazon-vpc-cni");
        });
        return tags;
    }
}
