package io.vpceni.lab.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.vpceni.lab.control.ControlClient;
import io.vpceni.lab.control.ControlServer;
import io.vpceni.lab.ec2.fault.Fault;
import io.vpceni.lab.ec2.fault.FaultRule;
import io.vpceni.lab.machine.LabResources;
import io.vpceni.lab.site.IntrospectionClient;
import io.vpceni.lab.site.Site;
import io.vpceni.lab.site.SiteNode;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Commands to one lab do not wait for one another, and its end ends what is still being done.
@Tag("root")
@Timeout(240)
class ConcurrentCommandsTest {
    private static final String LAB = "tconc";
    private static final long END_SECONDS_MAX = 60;

    @Test
    void aPodThatWaitsOnAFullNodeHoldsNobodyUp()
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        try (Trial trial = Trial.begin(LAB)) {
            Site site = fullNode(trial);
            FutureTask<Void> server = serve(trial, site);
            FutureTask<JsonNode> waiting = asked("add", Map.of("name", "waits", "node", "node-1"));
            awaitWaitingAdd(site);

            assertThat(ask("list", Map.of()).path("pods")).hasSize(2);
            assertThat(ask("add", Map.of("name", "other", "node", "node-2")).path("pods"))
                    .hasSize(1);
            assertThatThrownBy(() -> ask("add", Map.of("name", "waits", "node", "node-2")))
                    .hasMessage("pod 'waits' is being added already, on node-1");
            JsonNode _ = ask("kill", Map.of("node", "node-2"));
            assertThat(waiting.isDone()).isFalse();

            JsonNode _ = ask("down", Map.of());
            server.get(END_SECONDS_MAX, TimeUnit.SECONDS);
            assertThatThrownBy(waiting::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasRootCauseMessage("the lab is being taken down");
        }
    }

    @Test
    void anIpamdThatDoesNotBecomeReadyRunsOnAndHoldsNobodyUp()
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        try (Trial trial = Trial.begin(LAB)) {
            Site site = trial.site(trial.plan(2));
            SiteNode node = site.nodes().firstEntry().getValue();
            site.infrastructure().embedded().faults().add(refuseAll());
            site.stopIpamd(node);

            assertThatThrownBy(() -> site.startIpamd(node, Duration.ofSeconds(3)))
                    .hasMessageStartingWith("ipamd on node-1 is running but not ready after 3 s: ")
                    .hasMessageContaining("UnauthorizedOperation")
                    .hasMessageEndingWith("; './lab logs node-1' tells more");
            assertThat(site.ipamd(node).process().isAlive()).isTrue();

            FutureTask<Void> server = serve(trial, site);
            FutureTask<JsonNode> restart = asked("restart", Map.of("node", "node-1"));
            long first = site.ipamd(node).process().pid();
            Eventually.holds(
                    "another ipamd starts", () -> site.ipamd(node).process().pid() != first);
            assertThat(ask("list", Map.of()).path("nodes").path(0).path("ready").asBoolean())
                    .isFalse();
            assertThat(restart.isDone()).isFalse();

            JsonNode _ = ask("down", Map.of());
            server.get(END_SECONDS_MAX, TimeUnit.SECONDS);
            assertThatThrownBy(restart::get).hasRootCauseMessage("the lab is being taken down");
        }
    }

    /// Two nodes of two pods each; the first has its two.
    private static Site fullNode(Trial trial) throws IOException {
        var plan = trial.plan(2);
        Site site = trial.site(plan.withWorld(plan.world().withInstanceType("t3.nano")));
        SiteNode node = site.nodes().firstEntry().getValue();
        for (int number = 1; number <= 2; number++) {
            var _ = site.addPod(node, "pod-" + number);
        }
        return site;
    }

    private static FaultRule refuseAll() {
        return FaultRule.of(new Fault.Refuse("UnauthorizedOperation")).from(FaultRule.NODES);
    }

    private static void awaitWaitingAdd(Site site) throws IOException {
        SiteNode node = site.nodes().firstEntry().getValue();
        Eventually.holds(
                "an ADD waits",
                () -> IntrospectionClient.get(node.vpcNode().namespace(), "/v1/status")
                                .path("waitingAdds")
                                .asInt()
                        == 1);
    }

    private static FutureTask<Void> serve(Trial trial, Site site) throws IOException {
        ControlServer control = ControlServer.open(trial.resources().directory(), site);
        FutureTask<Void> serving = new FutureTask<>(() -> {
            try (control) {
                control.serve(progress -> site.takeDown(progress));
            }
            return null;
        });
        Thread _ = Thread.ofPlatform().name("serve").daemon().start(serving);
        return serving;
    }

    private static FutureTask<JsonNode> asked(String verb, Map<String, String> with) {
        FutureTask<JsonNode> asking = new FutureTask<>(() -> ask(verb, with));
        Thread _ = Thread.ofPlatform().name("ask-" + verb).daemon().start(asking);
        return asking;
    }

    private static JsonNode ask(String verb, Map<String, String> with) throws IOException {
        return ControlClient.of(LabResources.ROOT, LAB).ask(verb, with);
    }
}
