package io.vpceni.lab.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.lab.machine.Namespace;
import io.vpceni.lab.node.ConfinedIpamd;
import io.vpceni.lab.node.IpamdInstallation;
import io.vpceni.lab.site.Site;
import io.vpceni.lab.site.SiteNode;
import io.vpceni.lab.site.SitePlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The conflist lies on the node's disk and outlives reboots and ipamd: it promises nothing by itself.
@Tag("root")
@Timeout(180)
class OldConflistTest {
    @Test
    void theConflistOfBeforeARebootServesNobodyBeforeIpamdDoes() throws IOException, InterruptedException {
        try (Trial trial = Trial.begin("toldlist")) {
            SitePlan plan = trial.plan(1);
            Site site = trial.site(plan);
            SiteNode node = site.nodes().firstEntry().getValue();
            Path run = node.ipamd().directories().run();
            Namespace sandbox = trial.resources().namespace("pod0");
            PluginRun status = PluginRun.of("STATUS", node, sandbox).withCniVersion("1.1.0");
            assertThat(status.run().status()).as("it serves").isZero();
            Eventually.holds("it notes that it serves", () -> Files.exists(run.resolve("served")));

            node.ipamd().process().destroyForcibly();
            int _ = node.ipamd().process().waitFor();
            assertThat(status.run().status()).as("away for a moment").isZero();
            Files.setLastModifiedTime(
                    run.resolve("served"),
                    FileTime.from(Files.getLastModifiedTime(run.resolve("served"))
                            .toInstant()
                            .minus(Duration.ofMinutes(2))));
            assertThat(status.run().code()).as("away for two minutes").isEqualTo(50);

            for (Path file : files(run)) { // what a reboot does to memory
                Files.delete(file);
            }
            assertThat(node.ipamd().conflist()).exists();
            PluginRun.Answer never = status.run();
            assertThat(never.code()).as("never served since the boot").isEqualTo(50);
            assertThat(never.text()).contains("has not served for a minute");

            FutureTask<PluginRun.Answer> add =
                    PluginRun.of("ADD", node, sandbox).begin(); // a runtime that does not ask for STATUS
            assertThat(add.isDone()).isFalse();
            try (ConfinedIpamd anew = ConfinedIpamd.begin(
                    trial.resources(),
                    node.vpcNode().namespace(),
                    node.name(),
                    IpamdInstallation.built(plan.home()),
                    site.infrastructure().ec2Endpoint(),
                    plan.settingsOf(node.name()),
                    System::nanoTime)) {
                assertThat(anew.isServing()).as("the old conflist is no sign").isFalse();
                PluginRun.Answer added = PluginRun.await(add);
                assertThat(added.status()).as(added.text()).isZero();
                anew.awaitReady();
                assertThat(status.run().status()).isZero();
                assertThat(PluginRun.of("DEL", node, sandbox).run().status()).isZero();
            }
            trial.resources().remove(sandbox);
        }
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }
}
