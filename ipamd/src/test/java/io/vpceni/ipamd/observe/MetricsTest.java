package io.vpceni.ipamd.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.DeviceSlot;
import io.vpceni.config.PodName;
import io.vpceni.config.PoolSettings;
import io.vpceni.eni.imds.ImdsMeter;
import io.vpceni.eni.lifecycle.EniNotice;
import io.vpceni.ipamd.owner.Blocks;
import io.vpceni.network.PodDrop;
import io.vpceni.pool.Eni;
import io.vpceni.pool.EniId;
import io.vpceni.pool.Message;
import io.vpceni.pool.NodeLimits;
import io.vpceni.pool.PoolNotice;
import io.vpceni.pool.PoolSnapshot;
import io.vpceni.pool.WarmPool;
import io.vpceni.pool.journal.Finding;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MetricsTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Path GOLDEN = Path.of("src/test/resources/golden/metrics.txt");

    /// Names, types, labels and their order are an interface. `-Dgolden.update=true` rewrites the file.
    @Test
    void thePageIsTheGoldenOne() throws IOException {
        String page = aBusyIpamd()
                .render()
                .lines()
                .filter(line -> !line.startsWith("process_resident_memory_bytes "))
                .collect(Collectors.joining("\n", "", "\n"));

        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(GOLDEN, page);
        }
        assertThat(page).isEqualTo(Files.readString(GOLDEN));
    }

    /// Prometheus, "Metric and label naming": a counter ends in `_total`, and `_count` belongs to histograms.
    /// The AWS VPC CNI's names are kept as dashboards know them.
    @Test
    void ourCountersEndInTotalAndNothingElseDoes() {
        List<String> types = aBusyIpamd()
                .render()
                .lines()
                .filter(line -> line.startsWith("# TYPE vpceni_"))
                .toList();

        assertThat(types).isNotEmpty();
        for (String type : types) {
            assertThat(type.endsWith(" counter")).as(type).isEqualTo(type.contains("_total "));
            assertThat(type).doesNotContain("_count ");
        }
    }

    @Test
    void residentMemoryIsThatOfTheKernel() {
        assertThat(new Metrics("1.2.3").render()).containsPattern("process_resident_memory_bytes [1-9][0-9]{6,}");
    }

    private static Metrics aBusyIpamd() {
        NodeLimits limits = new NodeLimits(3, 4);
        Metrics metrics = new Metrics("1.2.3");
        PoolSnapshot pool = aPool(limits).snapshot(NOW);
        metrics.watch(() -> pool, limits);
        metrics.watchReady(() -> true);
        metrics.watchEc2(SampleEc2Status::busy);
        new MeteredImds(metrics).answered(ImdsMeter.Path.ENDING, ImdsMeter.Outcome.SILENT, Duration.ofSeconds(1));
        metrics.podDropped(PodDrop.SOURCE, 3);
        metrics.podDropped(PodDrop.IPV6, 40);
        new MeteredImds(metrics).held(Duration.ofMillis(200));
        metrics.noticed(Notice.of(new EniNotice(EniNotice.Kind.LEAKED_ENI_DELETED, "eni-1", "An ENI was deleted")));
        metrics.addArrived();
        metrics.addArrived();
        metrics.noAddress();
        metrics.delArrived("PodDeleted");
        metrics.error("growth");
        metrics.foreignDatagrams(2);
        metrics.remade("netns.sock");
        metrics.spooledDel(Metrics.DelOutcome.EARLIER_BOOT);
        metrics.leftOver(List.of("AWS_RULES", "HOST_PORTS"));
        metrics.connectionRefused("NO_REQUEST");
        metrics.cutOff("metrics", HttpPages.CutOff.PEER_LIMIT);
        metrics.journalError();
        metrics.found(Finding.Kind.NOT_IN_JOURNAL);
        metrics.driftChecked();
        metrics.driftRepaired("rule_to_pod", 250);
        metrics.forwardDrops(1, 0);
        metrics.driftLeft("pod_address_on_node", 1);
        metrics.blocksReturned(3);
        metrics.eniReturned();
        metrics.noticed(Notice.of(new PoolNotice(PoolNotice.Kind.DISPUTED, "An address is disputed", List.of())));
        metrics.request("ADD", Metrics.Outcome.OK, Duration.ofMillis(3));
        metrics.request("ADD", Metrics.Outcome.NO_ADDRESS, Duration.ofSeconds(30));
        metrics.ec2Call("AssignPrivateIpAddresses", "", Duration.ofMillis(120));
        metrics.ec2Call("AssignPrivateIpAddresses", "THROTTLED", Duration.ofMillis(80));
        return metrics;
    }

    private static WarmPool aPool(NodeLimits limits) {
        EniId id = new EniId("eni-0123456789abcdef0");
        WarmPool pool = new WarmPool(new PoolSettings(1, 0, 0, 0, Duration.ofSeconds(30)), limits);
        List<InetAddress> addresses = List.of(
                InetAddress.ofLiteral("10.0.1.5"),
                InetAddress.ofLiteral("10.0.1.6"),
                InetAddress.ofLiteral("10.0.1.7"));
        pool.handle(new Message.EniFound(new Eni(id, DeviceSlot.PRIMARY, true, 3), Blocks.of(addresses)), NOW);
        for (long ticket = 1; ticket <= 2; ticket++) {
            AttachmentKey key = new AttachmentKey("vpc-eni", "c" + ticket, "eth0");
            pool.handle(new Message.Assign(ticket, key, new PodName("shop", "p" + ticket), NOW.plusSeconds(5)), NOW);
        }
        pool.handle(new Message.Release(new AttachmentKey("vpc-eni", "c1", "eth0")), NOW);
        return pool;
    }
}
