package io.vpceni.lab.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vpceni.lab.machine.Namespace;
import io.vpceni.lab.node.ConfinedIpamd;
import io.vpceni.lab.node.PodSandbox;
import io.vpceni.lab.site.IntrospectionClient;
import io.vpceni.lab.site.Site;
import io.vpceni.lab.site.SiteNode;
import io.vpceni.lab.site.SitePod;
import io.vpceni.lab.vpc.LocalVpc;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// ipamd is killed in the middle of its work and started anew: what it knew it reads from the kernel.
@Tag("root")
@Timeout(120)
class RestartTest {
    private static final Duration ANSWER_MAX = Duration.ofSeconds(10);
    private static final int PODS = 5; // three on the primary ENI of a t3.small, two on a secondary one

    @Test
    void podsOutliveTheirIpamd() throws IOException, InterruptedException {
        try (Trial trial = Trial.begin("trestart")) {
            SortedMap<String, String> settings = new TreeMap<>(Map.of("IP_COOLDOWN_PERIOD", "300"));
            Site site = trial.site(trial.plan(1).withIpamdSettings(settings));
            SiteNode node = site.nodes().firstEntry().getValue();
            for (int number = 1; number <= PODS; number++) {
                SitePod _ = site.addPod(node, "pod-" + number);
            }
            assertThat(site.pods()).extracting(SitePod::deviceIndex).contains(0, 1);
            SortedMap<String, InetAddress> before = addressesByContainer(node);
            assertThat(before).hasSize(PODS);

            Trial.kill(node);
            eachHearsEachOtherAndTheInternet(site);

            Namespace waitingSandbox = trial.resources().namespace("late");
            FutureTask<PluginRun.Answer> waiting =
                    PluginRun.of("ADD", node, waitingSandbox).begin();
            try (ConfinedIpamd anew = trial.startAnew(site, node, settings)) {
                PluginRun.Answer late = PluginRun.await(waiting);
                assertThat(late.status()).as(late.text()).isZero();
                assertThat(before.values()).as("given twice").doesNotContain(late.address());

                SortedMap<String, InetAddress> after = addressesByContainer(node);
                assertThat(after).containsAllEntriesOf(before).hasSize(PODS + 1);
                assertThat(after.values()).doesNotHaveDuplicates();
                eachHearsEachOtherAndTheInternet(site);

                SitePod old = site.pods().getLast();
                site.deletePod(old);
                assertThat(IntrospectionClient.stateOf(node, old.address())).isEqualTo("cooling");
                SitePod next = site.addPod(node, "next");
                assertThat(before.values()).as("given twice").doesNotContain(next.address());

                assertThat(PluginRun.of("DEL", node, waitingSandbox).run().status())
                        .isZero();
                trial.resources().remove(waitingSandbox);
                for (SitePod pod : site.pods()) {
                    site.deletePod(pod);
                }
                assertThat(addressesByContainer(node)).isEmpty();
                assertThat(anew.process().isAlive()).isTrue();
            }
        }
    }

    @Test
    void aSecondKillRightAfterADeletionDoesNotBringThePodBack() throws IOException, InterruptedException {
        try (Trial trial = Trial.begin("trestart2")) {
            SortedMap<String, String> settings = new TreeMap<>(Map.of("MAX_ENI", "1"));
            Site site = trial.site(trial.plan(1).withIpamdSettings(settings));
            SiteNode node = site.nodes().firstEntry().getValue();
            SitePod stays = site.addPod(node, "stays");
            SitePod goes = site.addPod(node, "goes");
            PodSandbox gone = goes.sandbox();
            goes.echoServer().close();
            assertThat(PluginRun.of("DEL", node, gone.namespace())
                            .with("CNI_CONTAINERID", gone.containerId())
                            .run()
                            .status())
                    .isZero();
            Trial.kill(node);

            try (ConfinedIpamd _ = trial.startAnew(site, node, settings)) {
                assertThat(addressesByContainer(node))
                        .containsOnly(Map.entry(stays.sandbox().containerId(), stays.address()));
                site.deletePod(goes); // runtimes call it twice
                site.deletePod(stays);
                assertThat(node.vpcNode().namespace().show("rule", "show")).doesNotContain("512:", "1536:");
            }
        }
    }

    private static void eachHearsEachOtherAndTheInternet(Site site) throws IOException {
        InetAddress nodeAddress =
                site.infrastructure().world().nodes().getFirst().address();
        for (SitePod from : site.pods()) {
            for (SitePod to : site.pods()) {
                assertThat(from.equals(to) ? from.address() : from.ask(to.address(), ANSWER_MAX))
                        .isEqualTo(from.address());
            }
            assertThat(from.ask(LocalVpc.INTERNET_SERVER, ANSWER_MAX)).isEqualTo(nodeAddress);
        }
        assertThat(site.infrastructure().vpc().drops().lostInAll()).isZero();
    }

    private static SortedMap<String, InetAddress> addressesByContainer(SiteNode node) throws IOException {
        SortedMap<String, InetAddress> addresses = new TreeMap<>();
        for (JsonNode pod :
                IntrospectionClient.get(node.vpcNode().namespace(), "/v1/pods").path("pods")) {
            if (pod.path("state").asText().equals("assigned")) {
                addresses.put(
                        pod.path("containerId").asText(),
                        InetAddress.ofLiteral(pod.path("address").asText()));
            }
        }
        return addresses;
    }
}
