package io.vpceni.ipamd.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vpceni.config.Conflist;
import io.vpceni.ipamd.journal.AwsCheckpoint;
import io.vpceni.pool.AttachmentKey;
import io.vpceni.pool.JournalRecord;
import io.vpceni.pool.PodName;
import io.vpceni.pool.journal.CheckpointEntry;
import io.vpceni.pool.journal.JournalClock;
import io.vpceni.pool.journal.JournalReading;
import io.vpceni.pool.journal.JournalText;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `ipamctl export --format aws-checkpoint`: for the way back to the AWS VPC CNI.
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = "Prints who has which address in the format of the AWS VPC CNI's checkpoint (ipam.json), as ipamd"
                + " says it or, when ipamd is away, as its journal does.")
final class Export implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(names = "--format", required = true, description = "aws-checkpoint")
    @SuppressWarnings("NullAway.Init")
    private String format;

    @Option(
            names = "--address",
            defaultValue = "127.0.0.1:61679",
            description = "where ipamd serves introspection; default: ${DEFAULT-VALUE}")
    @SuppressWarnings("NullAway.Init")
    private String address;

    @Option(
            names = "--journal",
            defaultValue = "/run/vpc-eni/pool.journal",
            description = "read when ipamd does not answer; default: ${DEFAULT-VALUE}")
    @SuppressWarnings("NullAway.Init")
    private Path journal;

    @Override
    public Integer call() throws InterruptedException {
        if (!format.equals("aws-checkpoint")) {
            spec.commandLine().getErr().println("ipamctl: --format '" + format + "': want aws-checkpoint");
            return 2;
        }
        ObjectMapper json = new ObjectMapper();
        List<CheckpointEntry> entries;
        try {
            entries = ofPage(json.readTree(Ipamctl.fetch(address, "/v1/pods")));
        } catch (IOException e) {
            spec.commandLine()
                    .getErr()
                    .println(
                            "ipamctl: ipamd does not answer on http://" + address + " (" + e + "): reading " + journal);
            try {
                entries = ofJournal();
            } catch (IOException unreadable) {
                spec.commandLine().getErr().println("ipamctl: the journal cannot be read either: " + unreadable);
                return 1;
            }
        }
        spec.commandLine()
                .getOut()
                .print(new String(
                        new AwsCheckpoint(json, Conflist.NETWORK_NAME).write(entries), StandardCharsets.UTF_8));
        spec.commandLine().getOut().flush();
        return 0;
    }

    /// Addresses of pods that are not ours have another network's name and are left out.
    private static List<CheckpointEntry> ofPage(JsonNode root) {
        List<CheckpointEntry> entries = new ArrayList<>();
        for (JsonNode pod : root.path("pods")) {
            AttachmentKey key = new AttachmentKey(
                    pod.path("network").asText(),
                    pod.path("containerId").asText(),
                    pod.path("interface").asText());
            if (key.network().equals(Conflist.NETWORK_NAME)) {
                entries.add(new CheckpointEntry(
                        key,
                        new PodName(
                                pod.path("namespace").asText(), pod.path("pod").asText()),
                        InetAddress.ofLiteral(pod.path("address").asText()),
                        Instant.parse(pod.path("since").asText())));
            }
        }
        return entries;
    }

    private List<CheckpointEntry> ofJournal() throws IOException {
        String text = Files.readString(journal, StandardCharsets.ISO_8859_1);
        // The times are for people: they stay as the life that wrote them knew them.
        JournalReading reading = JournalText.read(text, new JournalClock("", Instant.EPOCH));
        reading.findings().forEach(finding -> spec.commandLine().getErr().println("ipamctl: " + finding.text()));
        if (reading.newerFormat().isPresent()) {
            throw new IOException(journal + " has a later format");
        }
        List<CheckpointEntry> entries = new ArrayList<>();
        for (JournalRecord.Assigned entry : reading.state().assignments()) {
            if (entry.assignment().key().network().equals(Conflist.NETWORK_NAME)) {
                entries.add(new CheckpointEntry(
                        entry.assignment().key(),
                        entry.assignment().pod(),
                        entry.assignment().address(),
                        entry.at()));
            }
        }
        return entries;
    }
}
