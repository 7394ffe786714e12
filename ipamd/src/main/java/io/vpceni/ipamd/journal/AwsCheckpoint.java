package io.vpceni.ipamd.journal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vpceni.pool.AttachmentKey;
import io.vpceni.pool.PodName;
import io.vpceni.pool.journal.CheckpointEntry;
import io.vpceni.pool.journal.Finding;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The checkpoint of the AWS VPC CNI, by default `/var/run/aws-node/ipam.json`.
///
/// The AWS VPC CNI does not start with a checkpoint that it cannot read. Here a bad entry, or a bad file, costs only
/// itself: it is reported, and the kernel still shows who has which address.
public final class AwsCheckpoint {
    static final String VERSION = "vpc-cni-ipam/1";

    /// What the AWS VPC CNI calls its network in its conflist, and so in every key.
    public static final String AWS_NETWORK = "aws-cni";

    /// The network of pods that were there before version 1.7, which took its state over from the runtime: of their
    /// keys only the container id was known, the interface is called [#UNKNOWN_INTERFACE].
    static final String MIGRATED_NETWORK = "_migrated-from-cri";

    static final String UNKNOWN_INTERFACE = "unknown";

    /// The interface of every pod of such an entry: the AWS VPC CNI of that time made no other.
    private static final String FIRST_INTERFACE = "eth0";

    private static final long NANOS = 1_000_000_000L;
    private static final long SIZE_MAX = 16L << 20;

    private final ObjectMapper json;
    private final String network;

    /// What a checkpoint gave.
    ///
    /// @param entries at most one of each key and each address
    public record Read(List<CheckpointEntry> entries, List<Finding> findings) {
        public Read {
            entries = List.copyOf(entries);
            findings = List.copyOf(findings);
        }
    }

    /// @param network what its attachments' network is called here: the runtime's DEL names the conflist of its own
    ///     time, ours, though their ADD named the one of the AWS VPC CNI
    public AwsCheckpoint(ObjectMapper json, String network) {
        this.json = json;
        this.network = network;
    }

    /// Reads a checkpoint. No file: no entries and nothing to report. Files beside it that are about further network
    /// cards (`ipam-nic-1.json`) are not taken over, which is reported.
    public Read read(Path path) {
        Read first = readOne(path);
        List<Finding> findings = new ArrayList<>(first.findings());
        furtherCards(path).forEach(file -> findings.addAll(notTaken(file)));
        return new Read(first.entries(), findings);
    }

    private Read readOne(Path path) {
        try {
            if (Files.size(path) > SIZE_MAX) {
                return unusable("The checkpoint " + path + " is larger than " + SIZE_MAX + " bytes");
            }
            return read(Files.readAllBytes(path), path.toString());
        } catch (NoSuchFileException _) {
            return new Read(List.of(), List.of());
        } catch (IOException e) {
            return unusable("The checkpoint " + path + " cannot be read ("
                    + e.getClass().getSimpleName() + ")");
        }
    }

    private static List<Path> furtherCards(Path path) {
        Path name = path.getFileName();
        Path directory = path.getParent();
        if (name == null || directory == null || !Files.isDirectory(directory)) {
            return List.of();
        }
        Pattern card =
                Pattern.compile(Pattern.quote(name.toString().replaceFirst("\\.json$", "")) + "-nic-[0-9]{1,3}\\.json");
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file ->
                            card.matcher(String.valueOf(file.getFileName())).matches())
                    .sorted()
                    .toList();
        } catch (IOException _) {
            return List.of(); // what pods have there, the kernel shows
        }
    }

    private List<Finding> notTaken(Path file) {
        Read read = readOne(file);
        if (read.entries().isEmpty()) {
            return read.findings();
        }
        return List.of(new Finding(
                Finding.Kind.CHECKPOINT,
                "The checkpoint " + file + " has " + read.entries().size()
                        + " addresses of second and further interfaces, the first "
                        + read.entries().getFirst().address().getHostAddress() + " of "
                        + read.entries().getFirst().pod()
                        + ": pods have one interface here, so these are not taken over. They work on until their pods"
                        + " are deleted; create those pods anew to have them served by ipamd"));
    }

    /// @param name of the file, for people
    Read read(byte[] bytes, String name) {
        JsonNode root;
        try (JsonParser parser = json.createParser(bytes)) {
            root = json.readTree(parser);
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            int column = e.getLocation() == null ? 0 : e.getLocation().getColumnNr();
            return unusable("The checkpoint " + name + " is no whole JSON (line " + line + ", column " + column + ")");
        } catch (IOException e) {
            return unusable("The checkpoint " + name + " is no whole JSON ("
                    + e.getClass().getSimpleName() + ")");
        }
        if (root == null || !root.isObject() || !root.path("version").isTextual()) {
            return unusable("The checkpoint " + name + " names no version");
        }
        String version = root.path("version").asText();
        if (!version.equals(VERSION)) {
            return unusable("The checkpoint " + name + " has version '" + version + "', not '" + VERSION + "'");
        }
        List<Finding> findings = new ArrayList<>();
        List<CheckpointEntry> entries = new ArrayList<>();
        int number = 0;
        for (JsonNode allocation : root.path("allocations")) {
            try {
                CheckpointEntry entry = entry(allocation);
                entries.add(entry);
                furtherInterfaces(allocation, entry).ifPresent(findings::add);
            } catch (IllegalArgumentException e) {
                findings.add(new Finding(
                        Finding.Kind.CHECKPOINT,
                        "Allocation " + number + " of the checkpoint is left out: " + e.getMessage()));
            }
            number++;
        }
        return new Read(withoutDuplicates(entries, findings), findings);
    }

    /// The same format, one line, oldest first, as the AWS VPC CNI reads it.
    public byte[] write(Collection<CheckpointEntry> entries) {
        ObjectNode root = json.createObjectNode().put("version", VERSION);
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
        out.put("networkName", name.equals(network) ? AWS_NETWORK : name)
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

    private static Optional<Finding> furtherInterfaces(JsonNode allocation, CheckpointEntry entry) {
        int count = allocation.path("metadata").path("interfacesCount").asInt(1);
        return count <= 1
                ? Optional.empty()
                : Optional.of(new Finding(
                        Finding.Kind.CHECKPOINT,
                        "The checkpoint says that " + entry.pod() + " (sandbox "
                                + entry.key().containerId() + ") has " + count + " interfaces: only "
                                + entry.key().interfaceName() + " with "
                                + entry.address().getHostAddress() + " is taken over"));
    }

    private CheckpointEntry entry(JsonNode allocation) {
        String ipv4 = allocation.path("ipv4").asText("");
        String address = ipv4.isEmpty() ? allocation.path("ipv6").asText("") : ipv4;
        String container = allocation.path("containerID").asText("");
        if (address.isEmpty()) {
            throw new IllegalArgumentException("it has no address");
        }
        if (container.isEmpty()) {
            throw new IllegalArgumentException("it has no containerID");
        }
        long nanos = allocation.path("allocationTimestamp").asLong(0);
        JsonNode metadata = allocation.path("metadata");
        return new CheckpointEntry(
                key(allocation, container),
                new PodName(
                        metadata.path("k8sPodNamespace").asText(""),
                        metadata.path("k8sPodName").asText("")),
                literal(address),
                Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS)));
    }

    /// As the runtime's DEL names the attachment, whatever the checkpoint calls it. The first interface is the
    /// runtime's own network's, which is ours now; who attached another one goes on naming that one's network.
    private AttachmentKey key(JsonNode allocation, String container) {
        String name = allocation.path("ifName").asText("");
        String theirs = allocation.path("networkName").asText("");
        boolean unknown = name.isEmpty() || name.equals(UNKNOWN_INTERFACE) || theirs.equals(MIGRATED_NETWORK);
        String known = unknown ? FIRST_INTERFACE : name;
        boolean ours = known.equals(FIRST_INTERFACE) || theirs.isEmpty() || theirs.equals(AWS_NETWORK);
        return new AttachmentKey(ours ? network : theirs, container, known);
    }

    /// `10.0.1` is an address to the JDK, and another one than it looks like.
    private static InetAddress literal(String text) {
        InetAddress address = InetAddress.ofLiteral(text);
        if (address instanceof Inet4Address && !address.getHostAddress().equals(text)) {
            throw new IllegalArgumentException("'" + text + "' is not an address as in 10.0.0.1");
        }
        return address;
    }

    /// Of two entries with one address, or of one attachment, the later one is true.
    private static List<CheckpointEntry> withoutDuplicates(List<CheckpointEntry> entries, List<Finding> findings) {
        List<CheckpointEntry> latestFirst = entries.stream()
                .sorted(Comparator.comparing(CheckpointEntry::at).reversed())
                .toList();
        Map<InetAddress, CheckpointEntry> byAddress = new LinkedHashMap<>();
        Map<AttachmentKey, CheckpointEntry> byKey = new LinkedHashMap<>();
        for (CheckpointEntry entry : latestFirst) {
            boolean second = byAddress.containsKey(entry.address()) || byKey.containsKey(entry.key());
            if (second) {
                findings.add(new Finding(
                        Finding.Kind.CHECKPOINT,
                        "The checkpoint has " + entry.address().getHostAddress() + " or its attachment "
                                + entry.key().containerId() + " twice; the later entry counts"));
            } else {
                byAddress.put(entry.address(), entry);
                byKey.put(entry.key(), entry);
            }
        }
        return List.copyOf(byKey.values());
    }

    private static Read unusable(String what) {
        return new Read(
                List.of(),
                List.of(new Finding(
                        Finding.Kind.CHECKPOINT,
                        what + ": none of it is used; the kernel shows which addresses pods have, and they are not"
                                + " given out")));
    }
}
