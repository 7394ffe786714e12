package io.vpceni.lab.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.lab.backend.FabricEni;
import io.vpceni.lab.site.Site;
import io.vpceni.lab.site.SiteNode;
import io.vpceni.lab.site.SitePod;
import io.vpceni.lab.vpc.LocalVpc;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A node with prefixes: its pods talk, and what they no longer need goes back until nothing of it is left.
@Tag("root")
@Timeout(400)
class PrefixesTest {
    private static final Duration ANSWER_MAX = Duration.ofSeconds(10);
    private static final int PREFIX = 16;

    /// Sixteen addresses in each of three slots of a t3.small's ENI: one more pod needs a second ENI.
    private static final int PODS = 3 * PREFIX + 1;

    /// Cooling, quarantine, the proof, the ENI's least life, EC2.
    private static final Duration RETURN_MAX = Duration.ofMinutes(4);

    @Test
    void podsTalkOnPrefixAddressesAndWhatTheyLeaveGoesBack() throws IOException, InterruptedException {
        try (Trial trial = Trial.begin("tprefix")) {
            Site site = trial.site(trial.plan(1)
                    .withIpamdSettings(Map.of(
                            "ENABLE_PREFIX_DELEGATION", "true", "WARM_IP_TARGET", "1", "IP_COOLDOWN_PERIOD", "1")));
            SiteNode node = site.nodes().firstEntry().getValue();
            for (int number = 1; number <= PODS; number++) {
                SitePod _ = site.addPod(node, "pod-" + number);
            }
            SitePod first = site.pods().getFirst();
            SitePod last = site.pods().getLast();

            assertThat(site.pods()).extracting(SitePod::address).doesNotHaveDuplicates();
            assertThat(last.deviceIndex()).isEqualTo(1);
            assertThat(routed(site, node))
                    .as("two primary addresses, the rest prefixes")
                    .isEqualTo(2 + 4 * PREFIX);
            eachHearsTheOther(first, last);
            eachHearsTheOther(first, site.pods().get(1));
            InetAddress nodeAddress =
                    site.infrastructure().world().nodes().getFirst().address();
            assertThat(last.ask(LocalVpc.INTERNET_SERVER, ANSWER_MAX)).isEqualTo(nodeAddress);
            assertThat(site.infrastructure().vpc().drops().lostInAll()).isZero();

            for (SitePod pod : site.pods()) {
                if (!pod.equals(first)) {
                    site.deletePod(pod);
                }
            }
            Eventually.holds(
                    "one prefix is left, on the primary ENI", RETURN_MAX, () -> routed(site, node) == 1 + PREFIX);

            assertThat(site.infrastructure().enisOf(node.vpcNode())).hasSize(1);
            Eventually.holds("its rule and routes are gone", RETURN_MAX, () -> {
                String rules = node.vpcNode().namespace().show("rule", "show");
                String routes = node.vpcNode().namespace().show("route", "show", "table", "all");
                return !rules.contains("32765:") && !routes.contains("ens6");
            });
            assertThat(first.ask(LocalVpc.INTERNET_SERVER, ANSWER_MAX)).isEqualTo(nodeAddress);
            SitePod next = site.addPod(node, "next");
            eachHearsTheOther(first, next);
            assertThat(site.infrastructure().vpc().drops().lostInAll()).isZero();
        }
    }

    private static void eachHearsTheOther(SitePod one, SitePod other) throws IOException {
        assertThat(one.ask(other.address(), ANSWER_MAX)).isEqualTo(one.address());
        assertThat(other.ask(one.address(), ANSWER_MAX)).isEqualTo(other.address());
    }

    /// How many addresses lead to the node, by EC2's state.
    private static int routed(Site site, SiteNode node) {
        int addresses = 0;
        for (FabricEni eni : site.infrastructure().enisOf(node.vpcNode()).values()) {
            addresses += eni.addresses().size();
        }
        return addresses;
    }
}
