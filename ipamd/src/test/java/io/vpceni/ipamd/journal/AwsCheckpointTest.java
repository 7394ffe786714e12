package io.vpceni.ipamd.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vpceni.config.AttachmentKey;
import io.vpceni.config.PodName;
import io.vpceni.pool.journal.CheckpointEntry;
import io.vpceni.pool.journal.Finding;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AwsCheckpointTest {
    private static final String WHOLE = """
            {"version":"vpc-cni-ipam/1","allocations":[\
            {"networkName":"aws-cni","containerID":"aa","ifName":"eth0","ipv4":"10.0.0.5",\
            "allocationTimestamp":1767225600000000001,\
            "metadata":{"k8sPodNamespace":"default","k8sPodName":"web","interfacesCount":1}},\
            {"networkName":"aws-cni","containerID":"bb","ifName":"eth0","ipv6":"fd00::1",\
            "allocationTimestamp":1767225600000000002,"metadata":{}}]}
            """;

    private final AwsCheckpoint checkpoint = new AwsCheckpoint(new ObjectMapper(), "vpc-eni");

    private AwsCheckpoint.Read read(String text) {
        return checkpoint.read(text.getBytes(StandardCharsets.UTF_8), "ipam.json");
    }

    private static CheckpointEntry entry(String container, String address, String pod, int nanos) {
        return new CheckpointEntry(
                new AttachmentKey("vpc-eni", container, "eth0"),
                pod.isEmpty() ? PodName.UNKNOWN : new PodName("default", pod),
                InetAddress.ofLiteral(address),
                Instant.parse("2026-01-01T00:00:00Z").plusNanos(nanos));
    }

    @Test
    void a_whole_checkpoint_is_read() {
        AwsCheckpoint.Read read = read(WHOLE);

        assertThat(read.findings()).isEmpty();
        assertThat(read.entries())
                .containsExactlyInAnyOrder(entry("aa", "10.0.0.5", "web", 1), entry("bb", "fd00::1", "", 2));
    }

    @Test
    void cut_anywhere_it_is_not_used_and_that_is_said() {
        byte[] whole = WHOLE.strip().getBytes(StandardCharsets.UTF_8);
        for (int length = 0; length < whole.length; length++) {
            AwsCheckpoint.Read read = checkpoint.read(Arrays.copyOf(whole, length), "ipam.json");

            assertThat(read.entries()).isEmpty();
            assertThat(read.findings())
                    .singleElement()
                    .satisfies(finding -> assertThat(finding.kind()).isEqualTo(Finding.Kind.CHECKPOINT));
        }
        assertThat(checkpoint
                        .read(Arrays.copyOf(whole, 60), "ipam.json")
                        .findings()
                        .getFirst()
                        .text())
                .isEqualTo(
                        "The checkpoint ipam.json is not complete JSON (line 1, column 61): ipamd uses none of it; the "
                                + "kernel shows which addresses pods have, and no other pod gets these");
    }

    @Test
    void another_version_is_not_guessed_at() {
        assertThat(read(WHOLE.replace("ipam/1", "ipam/2")).findings().getFirst().text())
                .startsWith("The checkpoint ipam.json has version 'vpc-cni-ipam/2', not 'vpc-cni-ipam/1'");
        assertThat(read("[]").findings()).hasSize(1);
    }

    @Test
    void of_two_entries_with_one_address_the_later_counts() {
        AwsCheckpoint.Read read = read(WHOLE.replace("\"ipv6\":\"fd00::1\"", "\"ipv4\":\"10.0.0.5\""));

        assertThat(read.entries()).containsExactly(entry("bb", "10.0.0.5", "", 2));
        assertThat(read.findings().getFirst().text())
                .isEqualTo("The checkpoint has 10.0.0.5 or its attachment aa twice; the later entry counts");
    }

    @Test
    void an_entry_that_makes_no_sense_costs_only_itself() {
        for (String bad : List.of("\"ipv4\":\"10.0.0\"", "\"ipv4\":\"web.example\"", "\"other\":1")) {
            AwsCheckpoint.Read read = read(WHOLE.replace("\"ipv4\":\"10.0.0.5\"", bad));

            assertThat(read.entries()).as(bad).containsExactly(entry("bb", "fd00::1", "", 2));
            assertThat(read.findings().getFirst().text())
                    .as(bad)
                    .startsWith("Allocation 0 of the checkpoint is ignored: ");
        }
    }

    /// Their DEL names our network, the container and `eth0`.
    @Test
    void a_pod_from_before_version_1_7_is_found_by_the_key_of_its_del() {
        for (String entry : List.of(
                "\"networkName\":\"_migrated-from-cri\",\"containerID\":\"aa\",\"ifName\":\"unknown\"",
                "\"networkName\":\"_migrated-from-cri\",\"containerID\":\"aa\"",
                "\"networkName\":\"aws-cni\",\"containerID\":\"aa\",\"ifName\":\"unknown\"")) {
            AwsCheckpoint.Read read = read("{\"version\":\"vpc-cni-ipam/1\",\"allocations\":[{" + entry
                    + ",\"ipv4\":\"10.0.0.5\",\"allocationTimestamp\":0,\"metadata\":{}}]}");

            assertThat(read.findings()).as(entry).isEmpty();
            assertThat(read.entries())
                    .as(entry)
                    .extracting(CheckpointEntry::key)
                    .containsExactly(new AttachmentKey("vpc-eni", "aa", "eth0"));
        }
    }

    /// The first is called by the runtime, which knows our network; others by Multus, by the name of theirs.
    @Test
    void attachments_to_other_networks_keep_their_network() {
        String second = WHOLE.replace(
                "\"aws-cni\",\"containerID\":\"aa\",\"ifName\":\"eth0\"",
                "\"storage\",\"containerID\":\"aa\",\"ifName\":\"net1\"");
        String first = WHOLE.replace("\"aws-cni\",\"containerID\":\"aa\"", "\"storage\",\"containerID\":\"aa\"");

        assertThat(read(second).entries())
                .extracting(CheckpointEntry::key)
                .contains(new AttachmentKey("storage", "aa", "net1"));
        assertThat(read(first).entries())
                .extracting(CheckpointEntry::key)
                .contains(new AttachmentKey("vpc-eni", "aa", "eth0"));
    }

    @Test
    void interfaces_beyond_the_first_are_named_as_not_taken_over(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("ipam.json");
        Files.writeString(file, WHOLE.replace("\"interfacesCount\":1", "\"interfacesCount\":2"));
        Files.writeString(directory.resolve("ipam-nic-1.json"), WHOLE.replace("10.0.0.5", "10.0.7.5"));
        Files.writeString(directory.resolve("ipam-nic-2.json"), "{");
        Files.writeString(directory.resolve("other-nic-1.json"), WHOLE);

        AwsCheckpoint.Read read = checkpoint.read(file);

        assertThat(read.entries())
                .containsExactlyInAnyOrder(entry("aa", "10.0.0.5", "web", 1), entry("bb", "fd00::1", "", 2));
        assertThat(read.findings())
                .extracting(Finding::text)
                .satisfiesExactly(
                        pod -> assertThat(pod)
                                .isEqualTo("The checkpoint says that default/web (sandbox aa) has 2 interfaces: only"
                                        + " eth0 with 10.0.0.5 is taken over"),
                        card -> assertThat(card)
                                .contains("ipam-nic-1.json has 2 addresses of second and further interfaces")
                                .contains("not taken over"),
                        broken -> assertThat(broken).contains("ipam-nic-2.json is not complete JSON"));
    }

    @Test
    void no_file_is_nothing_to_report() {
        AwsCheckpoint.Read read = checkpoint.read(Path.of("/nonexistent/ipam.json"));

        assertThat(read.entries()).isEmpty();
        assertThat(read.findings()).isEmpty();
    }
}
