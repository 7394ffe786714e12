package io.vpceni.lab.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.lab.ec2.fault.Fault;
import io.vpceni.lab.ec2.fault.FaultInjector;
import io.vpceni.lab.ec2.fault.FaultRule;
import io.vpceni.lab.site.Site;
import io.vpceni.lab.site.SiteNode;
import io.vpceni.lab.site.SitePlan;
import io.vpceni.lab.site.SitePod;
import io.vpceni.lab.vpc.LocalVpc;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The metadata service hangs up on everybody for a minute. Nobody's pod notices.
@Tag("root")
@Timeout(240)
class MetadataAwayTest {
    private static final Duration AWAY = Duration.ofSeconds(60);
    private static final Duration ANSWER_MAX = Duration.ofSeconds(5);
    private static final Duration BACK_MAX = Duration.ofSeconds(90);
    private static final int CROWD = 12; // nine fit on the primary ENI of an m5.large: an ENI is added meanwhile

    @Test
    void podsComeAndGoWhileItIsAway() throws IOException, InterruptedException {
        try (Trial trial = Trial.begin("timdsaway")) {
            SitePlan plan = trial.plan(1);
            Site site = trial.site(plan.withWorld(plan.world().withInstanceType("m5.large"))
                    .withIpamdSetting("IP_COOLDOWN_PERIOD", "1"));
            SiteNode node = site.nodes().firstEntry().getValue();
            FaultInjector faults = site.infrastructure().embedded().faults();
            SitePod stays = site.addPod(node, "stays");

            Instant until = Instant.now().plus(AWAY);
            faults.add(FaultRule.of(new Fault.ImdsDown()).named("away").from(FaultRule.NODES));
            for (int number = 1; number < CROWD; number++) {
                SitePod _ = site.addPod(node, "crowd-" + number);
            }
            int came = 0;
            while (Instant.now().isBefore(until)) {
                came++;
                SitePod pod = site.addPod(node, "comes-" + came);
                assertThat(pod.ask(stays.address(), ANSWER_MAX)).isEqualTo(pod.address());
                InetAddress seen = pod.ask(LocalVpc.INTERNET_SERVER, ANSWER_MAX);
                assertThat(seen)
                        .isEqualTo(
                                site.infrastructure().world().nodes().getFirst().address());
                site.deletePod(pod);
            }

            assertThat(site.pods()).extracting(SitePod::deviceIndex).contains(0, 1);
            assertThat(came).isGreaterThan(10);
            assertThat(faults.happened()).containsKey("imds-down");
            assertThat(logOf(node))
                    .contains("The instance metadata service does not answer; ipamd goes on with what it read before");
            assertThat(faults.remove("away")).isTrue();
            SitePod after = site.addPod(node, "after");
            assertThat(after.ask(stays.address(), ANSWER_MAX)).isEqualTo(after.address());
            Eventually.holds(
                    "ipamd says that it is back",
                    BACK_MAX,
                    () -> logOf(node).contains("The instance metadata service answers again"));
        }
    }

    private static String logOf(SiteNode node) throws IOException {
        return Files.readString(node.ipamd().directories().log());
    }
}
