package io.vpceni.eni;

import io.vpceni.config.EniSettings;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// Description and tags of a new ENI: the AWS VPC CNI's, so that tools which look for its ENIs find ours.
final class EniLabels {

    private final EniSettings settings;

    private final InstantSource time;

    EniLabels(EniSettings settings, InstantSource time) {
        this.settings = settings;
        this.time = time;
    }

    static String description(String instanceId) {
        return "aws-K8S-" + instanceId;
    }

    SequencedMap<String, String> tags(String instanceId) {
        SequencedMap<String, String> tags = new LinkedHashMap<>();
        tags.put("node.k8s.amazonaws.com/instance_id", instanceId);
        tags.put(
                "node.k8s.amazonaws.com/createdAt",
                DateTimeFormatter.ISO_INSTANT.format(time.instant().truncatedTo(ChronoUnit.SECONDS)));
        if (!settings.clusterName().isEmpty()) {
            tags.put("cluster.k8s.amazonaws.com/name", settings.clusterName());
            tags.put("eks:eni:owner", "amazon-vpc-cni");
        }
        return tags;
    }
}
