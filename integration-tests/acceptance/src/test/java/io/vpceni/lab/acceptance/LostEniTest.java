package io.vpceni.lab.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vpceni.lab.backend.FabricEni;
import io.vpceni.lab.machine.Namespace;
import io.vpceni.lab.site.IntrospectionClient;
import io.vpceni.lab.site.Site;
import io.vpceni.lab.site.SiteNode;
import io.vpceni.lab.site.SitePod;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The link of an ENI goes and comes back.
@Tag("root")
@Timeout(240)
class LostEniTest {
    private static final int PODS_MAX = 20; // more than one ENI has addresses
    private static final Duration BACK_WITHIN = Duration.ofSeconds(60); // it is looked for less and less often

    @Test
    void anEniWithoutItsLinkGivesNoAddressesUntilItIsBack() throws IOException {
        try (Trial trial = Trial.begin("tlosteni")) {
            Site site = trial.site(trial.plan(1)
                    .withIpamdSettings(new TreeMap<>(Map.of("MAX_ENI", "2", "VPC_ENI_ADD_WAIT_SECONDS", "2"))));
            SiteNode node = site.nodes().firstEntry().getValue();
            SitePod first = podOn(site, node, "before-", 1, PODS_MAX);
            FabricEni eni = Objects.requireNonNull(
                    site.infrastructure().enisOf(node.vpcNode()).get(first.eniId()));
            Namespace host = node.vpcNode().namespace();
            Namespace elsewhere = trial.resources().namespace("away");
            String link = link(host, eni.macAddress());

            host.ip("link set " + link + " netns " + elsewhere.name());
            Eventually.holds("the ENI is lost", () -> stage(host, eni).equals("link_missing"));
            PluginRun.Answer refused = add(trial, node);
            assertThat(refused.status()).as("the other ENI is full").isEqualTo(1);
            assertThat(refused.text()).contains("not counting " + eni.eniId() + ", which may give none");
            assertThat(IntrospectionClient.stateOf(node, first.address())).isEqualTo("assigned");

            elsewhere.ip("link set " + link + " netns " + host.name());
            Eventually.holds(
                    "the ENI is back", BACK_WITHIN, () -> stage(host, eni).equals("ready"));
            SitePod again = site.addPod(node, "after");
            assertThat(again.deviceIndex()).isEqualTo(1);
            assertThat(again.ask(first.address(), Duration.ofSeconds(10))).isEqualTo(again.address());
        }
    }

    /// Adds pods until one is on that ENI.
    private static SitePod podOn(Site site, SiteNode node, String name, int deviceIndex, int podsMax)
            throws IOException {
        for (int i = 0; i < podsMax; i++) {
            SitePod pod = site.addPod(node, name + i);
            if (pod.deviceIndex() == deviceIndex) {
                return pod;
            }
        }
        throw new AssertionError("none of " + podsMax + " pods is on device " + deviceIndex);
    }

    /// And takes it away again.
    private static PluginRun.Answer add(Trial trial, SiteNode node) throws IOException {
        Namespace sandbox = trial.resources().namespace("meanwhile");
        PluginRun.Answer answer = PluginRun.of("ADD", node, sandbox).run();
        assertThat(PluginRun.of("DEL", node, sandbox).run().status()).isZero();
        trial.resources().remove(sandbox);
        return answer;
    }

    private static String link(Namespace host, String mac) throws IOException {
        return host.show("-o", "link")
                .lines()
                .filter(line -> line.contains(mac))
                .map(line -> line.split(": ", 3)[1].replaceFirst("@.*", ""))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no link has " + mac));
    }

    private static String stage(Namespace host, FabricEni eni) throws IOException {
        for (JsonNode known : IntrospectionClient.get(host, "/v1/cloud").path("enis")) {
            if (known.path("name").asText().equals(eni.eniId())) {
                return known.path("phase").asText();
            }
        }
        return "";
    }
}
