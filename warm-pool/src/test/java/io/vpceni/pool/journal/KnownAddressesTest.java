package io.vpceni.pool.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.Cidr;
import io.vpceni.config.PodName;
import io.vpceni.pool.Assignment;
import io.vpceni.pool.EniId;
import io.vpceni.pool.JournalRecord;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KnownAddressesTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final EniId ENI = new EniId("eni-1");
    private static final AttachmentKey KEY = new AttachmentKey("vpc-eni", "c1", "eth0");
    private static final InetAddress LISTED = InetAddress.ofLiteral("10.0.0.17");
    private static final InetAddress TOO_NEW_FOR_EC2S_VIEW = InetAddress.ofLiteral("10.0.0.40");
    private static final InetAddress IN_THE_CHECKPOINT = InetAddress.ofLiteral("10.0.0.41");
    private static final InetAddress ANOTHERS = InetAddress.ofLiteral("10.0.0.42");

    @Test
    void anAddressIsThisNodesWhenEc2OrTheJournalOrTheCheckpointKnowsIt() {
        JournalState journal = new JournalState(JournalState.Trust.WHOLE);
        journal.apply(
                new JournalRecord.Assigned(new Assignment(KEY, PodName.UNKNOWN, TOO_NEW_FOR_EC2S_VIEW, ENI), NOW));
        KnownAddresses known = new KnownAddresses(
                Map.of(ENI, Set.of(Cidr.parse("10.0.0.16/28"))),
                journal,
                List.of(new CheckpointEntry(KEY, PodName.UNKNOWN, IN_THE_CHECKPOINT, NOW)));

        assertThat(known.among(List.of(LISTED, TOO_NEW_FOR_EC2S_VIEW, IN_THE_CHECKPOINT, ANOTHERS)))
                .containsExactlyInAnyOrder(LISTED, TOO_NEW_FOR_EC2S_VIEW, IN_THE_CHECKPOINT);
    }
}
