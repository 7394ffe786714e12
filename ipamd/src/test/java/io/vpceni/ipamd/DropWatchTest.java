package io.vpceni.ipamd;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.vpceni.ipamd.observe.Metrics;
import io.vpceni.network.NetworkFailure;
import io.vpceni.network.PodDrop;
import io.vpceni.network.PodDrops;
import io.vpceni.network.PodWiring;
import io.vpceni.pool.AttachmentKey;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class DropWatchTest implements DropWatch.Counts {
    private static final Optional<PodWiring> POD = Optional.of(
            new PodWiring("vpc-eni", "c1", "eth0", "shop", "cart-0", InetAddress.ofLiteral("10.0.0.9"), 0, 0));

    private final CountDownLatch asked = new CountDownLatch(4);

    @Test
    void dropsAreAddedUpAndSaidOnceOfEachPod() throws InterruptedException {
        Logger logger = (Logger) LoggerFactory.getLogger(DropWatch.class);
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        logged.start();
        logger.addAppender(logged);
        Metrics metrics = new Metrics("1.2.3");

        try (DropWatch watch = DropWatch.start(this, metrics, Duration.ofMillis(1))) {
            assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(watch.of(new AttachmentKey("vpc-eni", "c1", "eth0")))
                    .containsExactlyEntriesOf(Map.of("source", 5L));
            assertThat(watch.of(new AttachmentKey("vpc-eni", "c2", "eth0"))).isEmpty();
        } finally {
            logger.detachAppender(logged);
        }

        assertThat(metrics.render())
                .contains("vpceni_pod_dropped_packets_count{why=\"source\"} 5")
                .contains("vpceni_pod_dropped_packets_count{why=\"ipv6\"} 7");
        assertThat(logged.list).singleElement().satisfies(event -> {
            assertThat(event.getFormattedMessage()).contains("podSourceCheck", "VPC_ENI_POD_SOURCE_CHECK");
            assertThat(event.getKeyValuePairs().toString()).contains("shop/cart-0");
        });
    }

    @Override
    public List<PodDrops> drops() throws NetworkFailure {
        asked.countDown();
        return switch ((int) asked.getCount()) {
            case 3 -> List.of(new PodDrops(PodDrop.SOURCE, POD, 3));
            case 2 -> List.of(new PodDrops(PodDrop.SOURCE, POD, 2), new PodDrops(PodDrop.IPV6, Optional.empty(), 7));
            default -> List.of();
        };
    }
}
