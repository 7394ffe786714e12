package io.vpceni.ipamctl;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vpceni.config.PodName;
import io.vpceni.pool.journal.CheckpointEntry;
import java.net.Inet6Address;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;

/// Writes the checkpoint of the AWS VPC CNI (`ipam.json`) as it reads it. ipamd's `AwsCheckpoint` reads it.
final class AwsCheckpointWriter {
    private final ObjectMapper json;
    private final String network;

    /// @param network our network's name, which the file gives as the AWS VPC CNI's
    AwsCheckpointWriter(ObjectMapper json, String network) {
        this.json = json;
        this.network = network;
    }

    /// One line, oldest entry first.
    public byte[] write(Collection<CheckpointEntry> entries) {
        ObjectNode root = json.createObjectNode().put("version", CheckpointEntry.FORMAT);
        ArrayNode allocations = root.putArray("allocations");
        entries.stream()
                .sorted(Comparator.comparing(CheckpointEntry::at).thenComparing(CheckpointEntry::key))
                .forEach(entry -> allocation(allocations.addObject(), entry));
        try {
            return (json.writeValueAsString(root) + "\n").getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of strings and numbers can always be written", e);
        }
    }

    private void allocation(ObjectNode out, CheckpointEntry entry) {
        String name = entry.key().network();
        out.put("networkName", name.equals(network) ? CheckpointEntry.AWS_NETWORK : name)
                .put("containerID", entry.key().containerId())
                .put("ifName", entry.key().interfaceName())
                .put(
                        entry.address() instanceof Inet6Address ? "ipv6" : "ipv4",
                        entry.address().getHostAddress())
                .put("allocationTimestamp", ChronoUnit.NANOS.between(Instant.EPOCH, entry.at()));
        ObjectNode metadata = out.putObject("metadata");
        if (!entry.pod().equals(PodName.UNKNOWN)) {
            metadata.put("k8sPodNamespace", entry.pod().namespace())
                    .put("k8sPodName", entry.pod().name());
        }
    }
}
