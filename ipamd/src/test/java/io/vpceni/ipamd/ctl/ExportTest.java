package io.vpceni.ipamd.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.pool.Assignment;
import io.vpceni.pool.AttachmentKey;
import io.vpceni.pool.EniId;
import io.vpceni.pool.JournalRecord;
import io.vpceni.pool.PodName;
import io.vpceni.pool.journal.JournalClock;
import io.vpceni.pool.journal.JournalText;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ExportTest {
    private static final Instant T = Instant.parse("2026-01-01T00:00:00Z");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    /// Nothing listens on port 1.
    private int export(Path journal) {
        return Ipamctl.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err, true))
                .execute("export", "--format", "aws-checkpoint", "--address", "127.0.0.1:1", "--journal", "" + journal);
    }

    @Test
    void without_ipamd_its_journal_tells_who_has_what(@TempDir Path directory) throws IOException {
        Path journal = directory.resolve("pool.journal");
        Files.writeString(
                journal,
                JournalText.header()
                        + JournalText.life(JournalClock.of("boot", T, 0))
                        + JournalText.lines(List.of(new JournalRecord.Assigned(
                                new Assignment(
                                        new AttachmentKey("vpc-eni", "aa", "eth0"),
                                        new PodName("default", "web"),
                                        InetAddress.ofLiteral("10.0.0.5"),
                                        new EniId("eni-0")),
                                T))));

        assertThat(export(journal)).isZero();
        assertThat(out.toString())
                .isEqualTo("{\"version\":\"vpc-cni-ipam/1\",\"allocations\":[{\"networkName\":\"aws-cni\","
                        + "\"containerID\":\"aa\",\"ifName\":\"eth0\",\"ipv4\":\"10.0.0.5\","
                        + "\"allocationTimestamp\":1767225600000000000,"
                        + "\"metadata\":{\"k8sPodNamespace\":\"default\",\"k8sPodName\":\"web\"}}]}\n");
    }

    @Test
    void the_help_of_every_command_shows_values_and_no_variables() {
        for (CommandLine command : Ipamctl.commandLine().getSubcommands().values()) {
            assertThat(command.getUsageMessage()).as(command.getCommandName()).doesNotContain("${");
        }
    }

    @Test
    void with_neither_it_says_so_and_fails(@TempDir Path directory) {
        assertThat(export(directory.resolve("none"))).isEqualTo(1);
        assertThat(err.toString()).contains("the journal cannot be read either");
    }
}
