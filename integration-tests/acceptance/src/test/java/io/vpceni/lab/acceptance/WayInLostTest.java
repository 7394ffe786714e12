package io.vpceni.lab.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vpceni.lab.machine.Namespace;
import io.vpceni.lab.node.ConfinedIpamd;
import io.vpceni.lab.node.IpamdInstallation;
import io.vpceni.lab.site.IntrospectionClient;
import io.vpceni.lab.site.Site;
import io.vpceni.lab.site.SiteNode;
import io.vpceni.lab.site.SitePod;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/// Somebody takes ipamd's files away while it runs, or starts a second one: ADDs go on, and nothing is forgotten.
@Tag("root")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(240)
class WayInLostTest {
    private static final SortedMap<String, String> SETTINGS = new TreeMap<>(Map.of("IP_COOLDOWN_PERIOD", "300"));

    private final Lab shared = new Lab("twayin");

    WayInLostTest() throws IOException {}

    @AfterAll
    void leaveNothing() throws IOException {
        shared.close();
    }

    @Test
    void aDeletedSocketForNamespacesComesBack() throws IOException {
        Files.delete(shared.run.resolve("netns.sock"));

        shared.addAndDelete();

        assertThat(shared.node.ipamd().logTail()).contains("netns.sock");
    }

    @Test
    void aDeletedGrpcSocketComesBack() throws IOException {
        Files.delete(shared.run.resolve("ipamd.sock"));

        shared.addAndDelete();
    }

    @Test
    void aSecondIpamdIsRefusedAndTouchesNothing() throws IOException, InterruptedException {
        Object sockets = shared.keys();

        shared.secondIpamdEnds();

        assertThat(shared.keys()).isEqualTo(sockets);
        shared.addAndDelete();
    }

    @Test
    void aSecondIpamdIsRefusedWhenTheLocksFileWasDeleted() throws IOException, InterruptedException {
        Object sockets = shared.keys();
        Files.delete(shared.run.resolve("ipamd.lock"));
        Eventually.holds("the lock is taken again", () -> Files.exists(shared.run.resolve("ipamd.lock")));

        shared.secondIpamdEnds();

        assertThat(shared.keys()).isEqualTo(sockets);
        shared.addAndDelete();
    }

    @Test
    void afterEverythingWasDeletedARestartKnowsAllPods() throws IOException, InterruptedException {
        try (Lab own = new Lab("twayin2")) {
            own.everythingIsDeletedAndIpamdRestarts();
        }
    }

    /// A node with its ipamd, and what is done to it.
    private static final class Lab implements AutoCloseable {
        private final Trial trial;
        private final Site site;
        private final SiteNode node;
        private final Path run;
        private int pods;

        Lab(String name) throws IOException {
            trial = Trial.begin(name);
            try {
                site = trial.site(trial.plan(1).withIpamdSettings(SETTINGS));
                node = site.nodes().firstEntry().getValue();
                run = node.ipamd().directories().run();
            } catch (IOException | RuntimeException e) {
                trial.close();
                throw e;
            }
        }

        @Override
        public void close() throws IOException {
            trial.close();
        }

        void everythingIsDeletedAndIpamdRestarts() throws IOException, InterruptedException {
            SitePod stays = site.addPod(node, "stays");
            SitePod goes = site.addPod(node, "goes");
            site.deletePod(goes); // the kernel does not know that its address cools: only the journal does

            for (Path file : files(run)) {
                Files.delete(file);
            }
            Eventually.holds(
                    "all of it is there again",
                    () -> files(run).stream()
                            .map(file -> file.getFileName().toString())
                            .toList()
                            .containsAll(List.of("ipamd.sock", "netns.sock", "ipamd.lock", "pool.journal")));
            addAndDelete();
            node.ipamd().process().destroyForcibly();
            int _ = node.ipamd().process().waitFor();

            try (ConfinedIpamd anew = begin()) {
                anew.awaitReady();
                assertThat(holders()).containsEntry(stays.sandbox().containerId(), stays.address());
                assertThat(IntrospectionClient.stateOf(node, goes.address())).isEqualTo("cooling");
                addAndDelete();
                site.deletePod(stays);
            }
        }

        private static List<Path> files(Path directory) throws IOException {
            try (Stream<Path> files = Files.list(directory)) {
                return files.toList();
            }
        }

        void addAndDelete() throws IOException {
            Namespace sandbox = trial.resources().namespace("pod" + pods++);

            PluginRun.Answer added = PluginRun.of("ADD", node, sandbox).run();

            assertThat(added.status()).as(added.text()).isZero();
            assertThat(PluginRun.of("DEL", node, sandbox).run().status()).isZero();
            trial.resources().remove(sandbox);
        }

        void secondIpamdEnds() throws IOException, InterruptedException {
            ConfinedIpamd second = begin();
            assertThat(second.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(second.process().exitValue()).isEqualTo(1);
            assertThat(second.logTail()).contains("another ipamd holds");
        }

        /// Device and inode of each socket.
        Object keys() throws IOException {
            Map<String, Object> keys = new TreeMap<>();
            for (String name : new String[] {"ipamd.sock", "netns.sock"}) {
                keys.put(name, Files.getAttribute(run.resolve(name), "unix:ino"));
            }
            return keys;
        }

        private Map<String, InetAddress> holders() throws IOException {
            Map<String, InetAddress> holders = new TreeMap<>();
            for (JsonNode pod : IntrospectionClient.get(node.vpcNode().namespace(), "/v1/pods")
                    .path("pods")) {
                holders.put(
                        pod.path("containerId").asText(),
                        InetAddress.ofLiteral(pod.path("address").asText()));
            }
            return holders;
        }

        private ConfinedIpamd begin() throws IOException {
            return ConfinedIpamd.begin(
                    trial.resources(),
                    node.vpcNode().namespace(),
                    node.name(),
                    IpamdInstallation.built(Trial.home()),
                    site.infrastructure().ec2Endpoint(),
                    SETTINGS,
                    System::nanoTime);
        }
    }
}
