package io.vpceni.lab.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vpceni.lab.machine.Program;
import io.vpceni.lab.site.Site;
import io.vpceni.lab.site.SiteNode;
import io.vpceni.lab.site.SitePod;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A lab whose ipamd is dead, or hangs, is taken down without asking it for each pod again and again.
///
/// Twenty DELs of each pod, five seconds each, took ten minutes.
@Tag("root")
@Timeout(240)
class TakeDownTest {
    private static final Duration ANSWER_MAX = Duration.ofSeconds(5);
    private static final int PODS = 6;

    private final List<String> said = new CopyOnWriteArrayList<>();

    @Test
    void aDeadIpamdIsAskedForNothing() throws IOException {
        try (Trial trial = Trial.begin("tdead")) {
            Site site = withPods(trial);
            SiteNode node = site.nodes().firstEntry().getValue();
            site.killIpamd(node);

            assertThatThrownBy(() -> site.deletePodNow(site.pods().getFirst()))
                    .hasMessage(
                            "ipamd on node-1 does not run, and the pod stays, as it does while a kubelet repeats its"
                                    + " DEL: './lab start node-1' starts it");

            assertThat(site.takeDown(said::add)).hasSize(1);
            assertThat(said)
                    .containsExactly(
                            "node-1: ipamd had ended with status 137, so 6 pods went without DEL",
                            "EC2, the metadata services and the namespaces");
        }
    }

    @Test
    void oneThatHangsIsAskedOnce() throws IOException {
        try (Trial trial = Trial.begin("thang")) {
            Site site = withPods(trial);
            Process ipamd = site.ipamd(site.nodes().firstEntry().getValue()).process();
            Program.of("kill", "-STOP", Long.toString(ipamd.pid())).run();

            assertThat(site.takeDown(said::add)).hasSize(1);
            assertThat(said)
                    .startsWith("node-1: 6 pods")
                    .contains("node-1: ipamd is killed, and its other pods go without DEL");
            assertThat(ipamd.isAlive()).isFalse();
        }
    }

    @Test
    void podsGoOnWithoutItsIpamdAndAreDeletedByTheNextOne() throws IOException {
        try (Trial trial = Trial.begin("tanew")) {
            Site site = withPods(trial);
            SiteNode node = site.nodes().firstEntry().getValue();
            SitePod pod = site.pods().getFirst();
            InetAddress other = site.pods().getLast().address();
            site.killIpamd(node);
            assertThat(pod.ask(other, ANSWER_MAX)).isEqualTo(pod.address());
            assertThatThrownBy(() -> site.killIpamd(node)).hasMessageContaining("there is nothing to kill");

            site.startIpamd(node);
            site.deletePodNow(pod);
            assertThatThrownBy(() -> site.startIpamd(node)).hasMessageContaining("runs already");
            site.stopIpamd(node);
            site.startIpamd(node);

            assertThat(site.takeDown(said::add)).isEmpty();
            assertThat(said).containsExactly("node-1: 5 pods", "EC2, the metadata services and the namespaces");
        }
    }

    private static Site withPods(Trial trial) throws IOException {
        Site site = trial.site(trial.plan(1));
        SiteNode node = site.nodes().firstEntry().getValue();
        for (int number = 1; number <= PODS; number++) {
            SitePod _ = site.addPod(node, "pod-" + number);
        }
        return site;
    }
}
