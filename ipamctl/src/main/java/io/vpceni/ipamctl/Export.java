package io.vpceni.ipamctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vpceni.config.AttachmentKey;
import io.vpceni.config.Conflist;
import io.vpceni.config.Count;
import io.vpceni.config.PodName;
import io.vpceni.config.file.AtomicFile;
import io.vpceni.config.file.RegularFile;
import io.vpceni.pool.JournalRecord;
import io.vpceni.pool.journal.CheckpointEntry;
import io.vpceni.pool.journal.JournalClock;
import io.vpceni.pool.journal.JournalReader;
import io.vpceni.pool.journal.JournalReading;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `ipamctl export --format aws-checkpoint`: to go back to the AWS VPC CNI; docs/migration.md.
///
/// Exit codes: 0 written, 1 cannot be written, 2 wrong usage, 3 not written because the AWS VPC CNI would not keep all
/// entries.
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = "Prints who has which address in the format of the AWS VPC CNI's checkpoint (ipam.json), as ipamd"
                + " says it or, when ipamd is away, as its journal does. Refuses, with exit code 3 and a table on"
                + " stderr, while there are entries that the AWS VPC CNI would not keep when it starts.")
final class Export implements Callable<Integer> {
    private static final int NOT_ALL_KEPT = 3;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private static final long JOURNAL_BYTES_MAX = 64L << 20;

    private static final int LINKS_BYTES_MAX = 16 << 20;

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

    @Option(
            names = "--links",
            defaultValue = "/proc/thread-self/net/dev",
            description = "names the node's links, as that file does; default: ${DEFAULT-VALUE}")
    @SuppressWarnings("NullAway.Init")
    private Path links;

    @Option(
            names = "--output",
            defaultValue = "",
            description = "a file to write to, whole or not at all, in place of stdout")
    @SuppressWarnings("NullAway.Init")
    private String output;

    @Option(
            names = "--keep-all",
            description = "write entries that the AWS VPC CNI would drop without the pod's name: then it keeps them"
                    + " without looking for a link, and gives their addresses to nobody")
    private boolean keepAll;

    @Option(names = "--force", description = "write the entries as they are, whatever becomes of them")
    private boolean force;

    @Override
    public Integer call() throws InterruptedException {
        if (!format.equals("aws-checkpoint")) {
            complain("--format '" + format + "': want aws-checkpoint");
            return 2;
        }
        ObjectMapper json = new ObjectMapper();
        List<AwsStart.Held> held;
        try {
            held = held(json);
        } catch (IOException e) {
            complain("the journal cannot be read either: " + Ipamctl.reason(e));
            return 1;
        }
        Set<String> names;
        try {
            names = linkNames(new String(
                    RegularFile.read(links, RegularFile.SymbolicLinks.FOLLOWED, LINKS_BYTES_MAX),
                    StandardCharsets.UTF_8));
        } catch (IOException e) {
            complain("the node's links cannot be read (" + Ipamctl.reason(e)
                    + "): which entries the AWS VPC CNI would keep is not known");
            return 1;
        }
        AwsStart start = AwsStart.with(held, names);
        spec.commandLine().getErr().print(start.table());
        spec.commandLine().getErr().flush();
        if (start.troubles() > 0 && !force && !keepAll) {
            refuse(start);
            return NOT_ALL_KEPT;
        }
        if (start.troubles() > 0 && keepAll) {
            complain(
                    "--keep-all: entries that the table calls dropped for want of a link are written without the pod's name,"
                            + " so that they are kept; such an address stays taken if its pod goes while no daemon runs");
        }
        return write(new AwsCheckpointWriter(json, Conflist.NETWORK_NAME).write(start.entries(keepAll)));
    }

    private void refuse(AwsStart start) {
        complain(Count.of(start.troubles(), "entry", "entries")
                + " would not be kept as they should be, see above: nothing is written. Recreate those pods "
                + "first, or write them without the pod's name (--keep-all), or as they are (--force)");
        if (start.seesNoLinkAtAll()) {
            complain("no pod's link is listed in " + links + ": is this the node's network namespace?");
        }
    }

    private List<AwsStart.Held> held(ObjectMapper json) throws IOException, InterruptedException {
        JsonNode page;
        try {
            page = json.readTree(Ipamctl.fetch(address, "/v1/pods"));
        } catch (IOException e) {
            complain("ipamd does not answer on http://" + address + " (" + Ipamctl.reason(e) + "): reading " + journal);
            return ofJournal();
        }
        return ofPage(page);
    }

    private static List<AwsStart.Held> ofPage(JsonNode root) {
        List<AwsStart.Held> held = new ArrayList<>();
        for (JsonNode pod : root.path("pods")) {
            AttachmentKey key = new AttachmentKey(
                    pod.path("network").asText(),
                    pod.path("containerId").asText(),
                    pod.path("interface").asText());
            CheckpointEntry entry = new CheckpointEntry(
                    key,
                    new PodName(pod.path("namespace").asText(), pod.path("pod").asText()),
                    InetAddress.ofLiteral(pod.path("address").asText()),
                    Instant.parse(pod.path("since").asText()));
            held.add(new AwsStart.Held(entry, pod.path("state").asText().equals("disputed")));
        }
        return held;
    }

    private List<AwsStart.Held> ofJournal() throws IOException {
        // The times are for people only: they stay as they were written.
        JournalReader reader = new JournalReader(new JournalClock("", Instant.EPOCH));
        RegularFile.read(journal, RegularFile.SymbolicLinks.FOLLOWED, JOURNAL_BYTES_MAX, reader::read);
        JournalReading reading = reader.reading();
        reading.findings().forEach(finding -> complain(finding.text()));
        if (reading.refused()) {
            throw new IOException(journal + " has a form that this ipamctl cannot read");
        }
        List<JournalRecord.Disputed> disputes = reading.state().disputes();
        List<AwsStart.Held> held = new ArrayList<>();
        for (JournalRecord.Assigned assigned : reading.state().assignments()) {
            CheckpointEntry entry = new CheckpointEntry(
                    assigned.assignment().key(),
                    assigned.assignment().pod(),
                    assigned.assignment().address(),
                    assigned.since().orElse(assigned.at()));
            boolean disputed = disputes.stream()
                    .anyMatch(dispute -> dispute.address().equals(entry.address())
                            && dispute.holder().filter(entry.key()::equals).isPresent());
            held.add(new AwsStart.Held(entry, disputed));
        }
        return held;
    }

    /// `proc_pid_net(5)`, `dev`: two lines of titles, then `NAME: figures` for each link.
    private static Set<String> linkNames(String text) {
        Set<String> names = new HashSet<>();
        text.lines()
                .skip(2)
                .filter(line -> line.indexOf(':') > 0)
                .forEach(line -> names.add(line.substring(0, line.indexOf(':')).strip()));
        return names;
    }

    private int write(byte[] checkpoint) {
        if (output.isEmpty()) {
            PrintWriter out = spec.commandLine().getOut();
            out.print(new String(checkpoint, StandardCharsets.UTF_8));
            out.flush();
            return 0;
        }
        Path target = Path.of(output).toAbsolutePath();
        try {
            AtomicFile.write(target, checkpoint, "rw-r--r--");
            return 0;
        } catch (IOException e) {
            complain("cannot write " + target + " (" + Ipamctl.reason(e) + "): what was there stays");
            return 1;
        }
    }

    private void complain(String what) {
        spec.commandLine().getErr().println("ipamctl: " + what);
    }
}
