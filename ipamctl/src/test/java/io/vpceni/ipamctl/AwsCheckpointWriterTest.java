package io.vpceni.ipamctl;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vpceni.config.AttachmentKey;
import io.vpceni.config.PodName;
import io.vpceni.pool.journal.CheckpointEntry;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class AwsCheckpointWriterTest {
    private static final Instant T = Instant.parse("2026-01-01T00:00:00Z");

    /// What ipamd's AwsCheckpointTest reads, but for the number of interfaces, which is not known here.
    @Test
    void it_is_written_as_the_aws_vpc_cni_reads_it_oldest_first() {
        assertThat(written(
                        new CheckpointEntry(
                                new AttachmentKey("vpc-eni", "bb", "eth0"),
                                PodName.UNKNOWN,
                                InetAddress.ofLiteral("fd00::1"),
                                T.plusNanos(2)),
                        new CheckpointEntry(
                                new AttachmentKey("vpc-eni", "aa", "eth0"),
                                new PodName("default", "web"),
                                InetAddress.ofLiteral("10.0.0.5"),
                                T.plusNanos(1))))
                .isEqualTo("""
                        {"version":"vpc-cni-ipam/1","allocations":[\
                        {"networkName":"aws-cni","containerID":"aa","ifName":"eth0","ipv4":"10.0.0.5",\
                        "allocationTimestamp":1767225600000000001,\
                        "metadata":{"k8sPodNamespace":"default","k8sPodName":"web"}},\
                        {"networkName":"aws-cni","containerID":"bb","ifName":"eth0","ipv6":"fd00:0:0:0:0:0:0:1",\
                        "allocationTimestamp":1767225600000000002,"metadata":{}}]}
                        """);
    }

    @Test
    void attachments_to_other_networks_keep_their_network() {
        assertThat(written(new CheckpointEntry(
                        new AttachmentKey("storage", "aa", "net1"),
                        PodName.UNKNOWN,
                        InetAddress.ofLiteral("10.0.0.5"),
                        T)))
                .contains("\"networkName\":\"storage\",\"containerID\":\"aa\",\"ifName\":\"net1\"");
    }

    private static String written(CheckpointEntry... entries) {
        return new String(
                new AwsCheckpointWriter(new ObjectMapper(), "vpc-eni").write(List.of(entries)), StandardCharsets.UTF_8);
    }
}
