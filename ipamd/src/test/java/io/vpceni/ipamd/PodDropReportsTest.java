package io.vpceni.ipamd;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.DeviceSlot;
import io.vpceni.config.PodName;
import io.vpceni.ipamd.observe.Metrics;
import io.vpceni.network.PodDrop;
import io.vpceni.network.PodDrops;
import io.vpceni.network.PodWiring;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PodDropReportsTest implements PodDropReports.Counts {
    @RegisterExtension
    private final LoggedEvents logged = new LoggedEvents(PodDropReports.class);

    private final Metrics metrics = new Metrics("1.2.3");
    private final Deque<List<PodDrops>> told = new ArrayDeque<>();
    private final PodDropReports watch = new PodDropReports(this, metrics, 2);

    @Test
    void dropsAreAddedUpAndSaidOnceOfEachPod() {
        look(drops("c1", PodDrop.SOURCE, 3));
        look(drops("c1", PodDrop.SOURCE, 2), new PodDrops(PodDrop.IPV6, Optional.empty(), 7));
        look();
        look(drops("c1", PodDrop.SOURCE, 3)); // as many as at first

        assertThat(watch.of(key("c1"))).containsExactlyEntriesOf(Map.of("source", 8L));
        assertThat(watch.of(key("c2"))).isEmpty();
        assertThat(metrics.render())
                .contains("vpceni_pod_dropped_packets_total{reason=\"source\"} 8")
                .contains("vpceni_pod_dropped_packets_total{reason=\"ipv6\"} 7");
        assertThat(logged.list()).singleElement().satisfies(event -> {
            assertThat(event.getFormattedMessage()).contains("podSourceCheck", "VPC_ENI_POD_SOURCE_CHECK");
            assertThat(event.getKeyValuePairs().toString()).contains("shop/c1");
        });
    }

    @Test
    void anotherReasonIsSaidToo() {
        look(drops("c1", PodDrop.SOURCE, 3));
        look(drops("c1", PodDrop.ROUTER, 1));
        look(drops("c1", PodDrop.ROUTER, 1), drops("c1", PodDrop.SOURCE, 1));

        assertThat(logged.list()).hasSize(2);
    }

    /// Every pod's kernel tries it.
    @Test
    void ipv6IsCountedAndNotSaid() {
        look(drops("c1", PodDrop.IPV6, 3));

        assertThat(watch.of(key("c1"))).containsExactlyEntriesOf(Map.of("ipv6", 3L));
        assertThat(logged.list()).isEmpty();
    }

    @Test
    void whenTooManyAreRememberedTheOneThatWasQuietLongestIsForgotten() {
        look(drops("c1", PodDrop.SOURCE, 1), drops("c2", PodDrop.SOURCE, 1));
        look(drops("c1", PodDrop.SOURCE, 1), drops("c3", PodDrop.SOURCE, 1));
        look(drops("c1", PodDrop.SOURCE, 1), drops("c3", PodDrop.SOURCE, 1));

        assertThat(watch.of(key("c1"))).containsExactlyEntriesOf(Map.of("source", 3L));
        assertThat(watch.of(key("c2"))).isEmpty();
        assertThat(logged.list()).hasSize(3);
    }

    private void look(PodDrops... drops) {
        told.add(List.of(drops));
        watch.look();
    }

    private static PodDrops drops(String container, PodDrop why, long packets) {
        PodWiring pod = new PodWiring(
                new AttachmentKey("vpc-eni", container, "eth0"),
                new PodName("shop", container),
                InetAddress.ofLiteral("10.0.0.9"),
                DeviceSlot.PRIMARY);
        return new PodDrops(why, Optional.of(pod), packets);
    }

    private static AttachmentKey key(String container) {
        return new AttachmentKey("vpc-eni", container, "eth0");
    }

    @Override
    public List<PodDrops> drops() {
        return told.remove();
    }
}
