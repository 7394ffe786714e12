package io.vpceni.lab.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vpceni.lab.machine.Namespace;
import io.vpceni.lab.node.ConfinedIpamd;
import io.vpceni.lab.site.IntrospectionClient;
import io.vpceni.lab.site.Site;
import io.vpceni.lab.site.SiteNode;
import io.vpceni.lab.site.SitePod;
import io.vpceni.lab.vpc.LocalVpc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// DELs while ipamd is down: the plugin keeps them in files, and the next ipamd carries them out before it serves.
@Tag("root")
@Timeout(120)
class KeptDelTest {
    private static final SortedMap<String, String> SETTINGS =
            new TreeMap<>(Map.of("IP_COOLDOWN_PERIOD", "300", "MAX_ENI", "1"));
    private static final Duration ANSWER_MAX = Duration.ofSeconds(10);

    @Test
    void theyAreCarriedOutAndNothingElseIsTouched() throws IOException, InterruptedException {
        try (Trial trial = Trial.begin("tkept")) {
            Site site = trial.site(trial.plan(1).withIpamdSettings(SETTINGS));
            SiteNode node = site.nodes().firstEntry().getValue();
            SitePod stays = site.addPod(node, "stays");
            SitePod goes = site.addPod(node, "goes");
            Namespace never = trial.resources().namespace("never");

            Trial.kill(node);
            goes.echoServer().close();
            assertSucceeds(del(node, goes));
            assertSucceeds(del(node, goes)); // runtimes call it twice
            assertSucceeds(PluginRun.of("DEL", node, never));
            assertThat(kept(node)).hasSize(3);
            assertThat(stays.ask(LocalVpc.INTERNET_SERVER, ANSWER_MAX)).isNotNull();
            Files.writeString(spool(node).resolve("0000000000000000-0"), "no DEL"); // first of all

            try (ConfinedIpamd _ = trial.startAnew(site, node, SETTINGS)) {
                assertThat(kept(node)).isEmpty();
                assertThat(assigned(node)).containsExactly(stays.sandbox().containerId());
                assertThat(IntrospectionClient.stateOf(node, goes.address())).isEqualTo("cooling");
                assertThat(node.vpcNode().namespace().show("rule", "show"))
                        .doesNotContain(goes.address().getHostAddress());
                assertThat(stays.ask(LocalVpc.INTERNET_SERVER, ANSWER_MAX)).isNotNull();
                site.deletePod(goes);
                site.deletePod(stays);
            }
            trial.resources().remove(never);
        }
    }

    @Test
    void anAddOfTheSameSandboxIsJudgedByWhichBeganFirst() throws IOException, InterruptedException {
        try (Trial trial = Trial.begin("tkept2")) {
            Site site = trial.site(trial.plan(1).withIpamdSettings(SETTINGS));
            SiteNode node = site.nodes().firstEntry().getValue();
            Namespace overtaken = trial.resources().namespace("overtaken");
            Namespace again = trial.resources().namespace("again");
            assertSucceeds(PluginRun.of("ADD", node, again));

            Trial.kill(node);
            FutureTask<PluginRun.Answer> first =
                    PluginRun.of("ADD", node, overtaken).begin();
            Eventually.holds("the ADD waits", () -> waits(overtaken));
            assertSucceeds(PluginRun.of("DEL", node, overtaken));
            assertSucceeds(PluginRun.of("DEL", node, again));
            FutureTask<PluginRun.Answer> later =
                    PluginRun.of("ADD", node, again).begin();
            Eventually.holds("the later ADD waits", () -> waits(again));

            try (ConfinedIpamd _ = trial.startAnew(site, node, SETTINGS)) {
                PluginRun.Answer cancelled = PluginRun.await(first);
                assertThat(cancelled.code()).isEqualTo(11);
                assertThat(cancelled.text()).contains("a DEL of this sandbox came");
                assertThat(PluginRun.await(later).status()).isZero();
                assertThat(assigned(node)).containsExactly(again.name());

                assertSucceeds(PluginRun.of("DEL", node, again));
                assertThat(assigned(node)).isEmpty();
            }
            trial.resources().remove(overtaken);
            trial.resources().remove(again);
        }
    }

    /// A DEL that a plugin left when ipamd had looked already.
    @Test
    void aDelThatComesLateIsCarriedOutWhileIpamdServes() throws IOException, InterruptedException {
        try (Trial trial = Trial.begin("tkept3")) {
            Site site = trial.site(trial.plan(1).withIpamdSettings(SETTINGS));
            SiteNode node = site.nodes().firstEntry().getValue();
            Namespace sandbox = trial.resources().namespace("late");
            Trial.kill(node);
            assertSucceeds(PluginRun.of("DEL", node, sandbox)); // the file
            Path file = kept(node).getFirst();
            byte[] content = Files.readAllBytes(file);

            try (ConfinedIpamd _ = trial.startAnew(site, node, SETTINGS)) {
                assertSucceeds(PluginRun.of("ADD", node, sandbox));
                Files.write(spool(node).resolve(file.getFileName()), content);
                Eventually.holds("it is taken", () -> kept(node).isEmpty());
                assertThat(assigned(node)).as("the ADD began later").containsExactly(sandbox.name());

                assertSucceeds(PluginRun.of("DEL", node, sandbox));
                assertThat(assigned(node)).isEmpty();
            }
            trial.resources().remove(sandbox);
        }
    }

    private static PluginRun del(SiteNode node, SitePod pod) throws IOException {
        return PluginRun.of("DEL", node, pod.sandbox().namespace())
                .with("CNI_CONTAINERID", pod.sandbox().containerId());
    }

    private static void assertSucceeds(PluginRun run) throws IOException {
        PluginRun.Answer answer = run.run();
        assertThat(answer.status()).as(answer.text()).isZero();
    }

    /// Whether a plugin with that sandbox runs.
    private static boolean waits(Namespace sandbox) throws IOException {
        try (Stream<ProcessHandle> processes = ProcessHandle.allProcesses()) {
            for (ProcessHandle process : processes.toList()) {
                Path environment = Path.of("/proc/" + process.pid() + "/environ");
                if (process.info().command().filter(c -> c.endsWith("/vpc-eni")).isPresent()
                        && Files.readString(environment).contains("CNI_CONTAINERID=" + sandbox.name())) {
                    return true;
                }
            }
        }
        return false;
    }

    private static Path spool(SiteNode node) throws IOException {
        JsonNode list =
                new ObjectMapper().readTree(Files.readString(node.ipamd().conflist()));
        return Path.of(list.path("plugins").path(0).path("ipamdSocket").asText())
                .resolveSibling("spool");
    }

    private static List<Path> kept(SiteNode node) throws IOException {
        try (Stream<Path> files = Files.list(spool(node))) {
            return files.sorted().toList();
        }
    }

    private static List<String> assigned(SiteNode node) throws IOException {
        List<String> containers = new ArrayList<>();
        for (JsonNode pod :
                IntrospectionClient.get(node.vpcNode().namespace(), "/v1/pods").path("pods")) {
            if (pod.path("state").asText().equals("assigned")) {
                containers.add(pod.path("containerId").asText());
            }
        }
        return containers;
    }
}
