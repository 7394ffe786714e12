package io.vpceni.ipamd.journal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vpceni.config.AttachmentKey;
import io.vpceni.config.PodName;
import io.vpceni.config.file.RegularFile;
import io.vpceni.pool.journal.CheckpointEntry;
import io.vpceni.pool.journal.Finding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads the checkpoint of the AWS VPC CNI, by default `/var/run/aws-node/ipam.json`. `ipamctl export` writes it.
///
/// The AWS VPC CNI does not start with a checkpoint that it cannot read. ipamd reports a bad entry or file and ignores
/// it; the kernel still shows who has which address.
public final class AwsCheckpoint {
    /// The network name of pods from before version 1.7, whose state came from the runtime: only their
    /// container id is known, and their interface is called [#UNKNOWN_INTERFACE].
    static final String MIGRATED_NETWORK = "_migrated-from-cri";

    static final String UNKNOWN_INTERFACE = "unknown";

    /// The interface of such a pod: the AWS VPC CNI of that time created no other.
    private static final String FIRST_INTERFACE = "eth0";

    private static final long NANOS = 1_000_000_000L;

    /// Three times the size that the AWS VPC CNI writes for [#ENTRIES_MAX] pods.
    private static final int BYTES_MAX = 4 << 20;

    /// Far more than a node has pods.
    private static final int ENTRIES_MAX = 4096;

    private static final int FINDINGS_MAX = 100;

    /// Files of further network cards; no instance type has more.
    private static final int FURTHER_CARDS_MAX = 32;

    private static final String METADATA = "metadata";

    private static final Set<String> MEMBERS = Set.of(
            "networkName",
            "containerID",
            "ifName",
            "ipv4",
            "ipv6",
            "allocationTimestamp",
            "metadata.k8sPodNamespace",
            "metadata.k8sPodName",
            "metadata.interfacesCount");

    private final ObjectMapper json;
    private final String network;

    /// The content of a checkpoint.
    ///
    /// @param entries at most one of each key and each address
    public record Read(List<CheckpointEntry> entries, List<Finding> findings) {
        public Read {
            entries = List.copyOf(entries);
            findings = List.copyOf(findings);
        }
    }

    /// @param network network name of our conflist: the runtime's DEL uses it, although the ADD used that of
    ///     the AWS VPC CNI
    public AwsCheckpoint(ObjectMapper json, String network) {
        this.json = json;
        this.network = network;
    }

    /// Reads a checkpoint. No file: no entries and nothing to report. Files beside it that are about further
    /// network cards (`ipam-nic-1.json`) are not taken over, which is reported.
    public Read read(Path path) {
        Read first = readOne(path);
        List<Finding> findings = new ArrayList<>(first.findings());
        furtherCards(path).forEach(file -> findings.addAll(notTaken(file)));
        return new Read(first.entries(), findings);
    }

    private Read readOne(Path path) {
        try {
            return read(RegularFile.read(path, RegularFile.SymbolicLinks.FOLLOWED, BYTES_MAX), path.toString());
        } catch (NoSuchFileException _) {
            return new Read(List.of(), List.of());
        } catch (IOException e) {
            return unusable("The checkpoint " + path + " cannot be read ("
                    + e.getClass().getSimpleName() + ": " + e.getMessage() + ")");
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
                    .limit(FURTHER_CARDS_MAX)
                    .toList();
        } catch (IOException | UncheckedIOException _) {
            return List.of(); // the kernel shows the pods' addresses
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
                        + ": pods have one interface here, so these are not taken over. They keep working until their "
                        + "pods are deleted; recreate those pods to move them to ipamd"));
    }

    /// @param name of the file, for people
    Read read(byte[] bytes, String name) {
        Allocations found = new Allocations();
        try (JsonParser parser = json.createParser(bytes)) {
            found.read(parser);
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            int column = e.getLocation() == null ? 0 : e.getLocation().getColumnNr();
            return unusable(
                    "The checkpoint " + name + " is not complete JSON (line " + line + ", column " + column + ")");
        } catch (IOException e) {
            return unusable("The checkpoint " + name + " is not complete JSON ("
                    + e.getClass().getSimpleName() + ")");
        }
        if (found.isMoreThanOne) {
            return unusable("The checkpoint " + name + " has text after its JSON object");
        }
        if (found.number > ENTRIES_MAX) {
            return unusable("The checkpoint " + name + " has more than " + ENTRIES_MAX + " allocations");
        }
        if (found.version == null) {
            return unusable("The checkpoint " + name + " has no version");
        }
        if (!CheckpointEntry.FORMAT.equals(found.version)) {
            return unusable("The checkpoint " + name + " has version '" + found.version + "', not '"
                    + CheckpointEntry.FORMAT + "'");
        }
        return new Read(withoutDuplicates(found.entries, found.findings), found.findings);
    }

    /// Reads token by token, because a parsed tree could be many times the size of the file.
    private final class Allocations {
        private final List<CheckpointEntry> entries = new ArrayList<>();
        private final List<Finding> findings = new ArrayList<>();
        private int number;
        private @Nullable String version;
        private boolean isMoreThanOne;

        void read(JsonParser in) throws IOException {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                return;
            }
            while (in.nextToken() == JsonToken.FIELD_NAME) {
                String field = in.currentName();
                JsonToken value = in.nextToken();
                if (field.equals("version") && value == JsonToken.VALUE_STRING) {
                    version = in.getText();
                } else if (field.equals("allocations") && value == JsonToken.START_ARRAY) {
                    allocations(in);
                } else {
                    in.skipChildren();
                }
            }
            isMoreThanOne = in.nextToken() != null;
        }

        private void allocations(JsonParser in) throws IOException {
            for (JsonToken next = in.nextToken(); next != JsonToken.END_ARRAY; next = in.nextToken()) {
                Map<String, String> allocation = new HashMap<>();
                if (next == JsonToken.START_OBJECT) {
                    members(in, "", allocation);
                } else {
                    in.skipChildren();
                }
                if (number < ENTRIES_MAX) {
                    take(allocation);
                }
                number++;
            }
        }

        private void take(Map<String, String> allocation) {
            try {
                CheckpointEntry entry = entry(allocation);
                entries.add(entry);
                furtherInterfaces(allocation, entry).ifPresent(findings::add);
            } catch (IllegalArgumentException e) {
                if (findings.size() < FINDINGS_MAX) {
                    findings.add(new Finding(
                            Finding.Kind.CHECKPOINT,
                            "Allocation " + number + " of the checkpoint is ignored: " + e.getMessage()));
                }
            }
        }

        /// Those that count, by their names; of an object in it by `NAME.MEMBER`.
        private void members(JsonParser in, String prefix, Map<String, String> found) throws IOException {
            while (in.nextToken() == JsonToken.FIELD_NAME) {
                String field = prefix + in.currentName();
                JsonToken value = in.nextToken();
                if (value == JsonToken.START_OBJECT && field.equals(METADATA)) {
                    members(in, METADATA + ".", found);
                } else if (value.isScalarValue() && value != JsonToken.VALUE_NULL && MEMBERS.contains(field)) {
                    found.put(field, in.getText());
                } else {
                    in.skipChildren();
                }
            }
        }
    }

    private static Optional<Finding> furtherInterfaces(Map<String, String> allocation, CheckpointEntry entry) {
        long count = number(allocation.getOrDefault("metadata.interfacesCount", "1"));
        return count <= 1
                ? Optional.empty()
                : Optional.of(new Finding(
                        Finding.Kind.CHECKPOINT,
                        "The checkpoint says that " + entry.pod() + " (sandbox "
                                + entry.key().containerId() + ") has " + count + " interfaces: only "
                                + entry.key().interfaceName() + " with "
                                + entry.address().getHostAddress() + " is taken over"));
    }

    private CheckpointEntry entry(Map<String, String> allocation) {
        String ipv4 = allocation.getOrDefault("ipv4", "");
        String address = ipv4.isEmpty() ? allocation.getOrDefault("ipv6", "") : ipv4;
        String container = allocation.getOrDefault("containerID", "");
        if (address.isEmpty()) {
            throw new IllegalArgumentException("it has no address");
        }
        if (container.isEmpty()) {
            throw new IllegalArgumentException("it has no containerID");
        }
        long nanos = number(allocation.getOrDefault("allocationTimestamp", ""));
        return new CheckpointEntry(
                key(allocation, container),
                new PodName(
                        allocation.getOrDefault("metadata.k8sPodNamespace", ""),
                        allocation.getOrDefault("metadata.k8sPodName", "")),
                literal(address),
                Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS)));
    }

    /// What is no number is 0.
    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException _) {
            return 0;
        }
    }

    /// The key that the runtime's DEL will use. The first interface belongs to the runtime's own network, which
    /// is ours now; further interfaces keep the network name with which they were attached.
    private AttachmentKey key(Map<String, String> allocation, String container) {
        String name = allocation.getOrDefault("ifName", "");
        String theirs = allocation.getOrDefault("networkName", "");
        boolean unknown = name.isEmpty() || name.equals(UNKNOWN_INTERFACE) || theirs.equals(MIGRATED_NETWORK);
        String known = unknown ? FIRST_INTERFACE : name;
        boolean ours = known.equals(FIRST_INTERFACE) || theirs.isEmpty() || theirs.equals(CheckpointEntry.AWS_NETWORK);
        return new AttachmentKey(ours ? network : theirs, container, known);
    }

    /// The JDK reads `10.0.1` as 10.0.0.1.
    private static InetAddress literal(String text) {
        InetAddress address = InetAddress.ofLiteral(text);
        if (address instanceof Inet4Address && !address.getHostAddress().equals(text)) {
            throw new IllegalArgumentException("'" + text + "' is not an address as in 10.0.0.1");
        }
        return address;
    }

    /// Of two entries with the same address or attachment the later one counts.
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
                        what + ": ipamd uses none of it; the kernel shows which addresses pods have, and no other pod "
                                + "gets these")));
    }
}
