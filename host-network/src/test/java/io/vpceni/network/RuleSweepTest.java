package io.vpceni.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Rules that no sandbox stands behind go, whoever left them, and no others, while pods come and go.
@Tag("root")
@SuppressWarnings("NullAway.Init") // set before each test
class RuleSweepTest {

    private static final String POD = "10.0.1.21";
    private static final Set<InetAddress> OWN = Set.of(InetAddress.ofLiteral(POD));

    private TestNode node;
    private HostNetwork network;

    @BeforeEach
    void open() throws IOException, InterruptedException {
        node = TestNode.open("rs");
        network = node.network(TestNode.settings());
        node.namespace("a");
    }

    @AfterEach
    void leaveNothing() throws IOException {
        node.close();
    }

    @Test
    void rulesOfTheAwsVpcCniWithoutAPodGo() throws IOException, InterruptedException {
        String before = node.in("node", "ip rule");
        node.in(
                "node",
                "ip rule add to 10.0.1.21 lookup main priority 512; "
                        + "ip rule add from 10.0.1.21 lookup 3 priority 1536; "
                        + "ip rule add from 10.0.1.21 to 10.0.0.0/16 lookup 2 priority 1536; "
                        + "ip rule add from 10.0.1.21 lookup 10103 priority 1536");
        assertThat(network.survey().mentioned()).containsAll(OWN);

        assertThat(network.sweep(network.survey(), OWN)).isEqualTo(4);

        assertThat(node.in("node", "ip rule")).isEqualTo(before);
        assertThat(network.survey().mentioned()).doesNotContainAnyElementsOf(OWN);
    }

    @Test
    void othersRulesStay() throws IOException, InterruptedException {
        node.in(
                "node",
                "ip rule add to 10.0.1.99 lookup main priority 512; "
                        + "ip rule add from 10.0.1.99 lookup 2 priority 1536; "
                        + "ip rule add to 10.0.1.21 lookup 7 priority 512; "
                        + "ip rule add from 10.0.1.21 lookup 2 priority 1537; "
                        + "ip rule add from 10.0.1.16/28 lookup 2 priority 1536; "
                        + "ip rule add from 10.0.1.21 fwmark 0x10/0x10 lookup 2 priority 1536; "
                        + "ip rule add from 10.0.1.21 to 10.9.9.9 lookup 2 priority 1536");
        String rules = node.in("node", "ip rule");

        assertThat(network.sweep(network.survey(), OWN)).isZero();

        assertThat(node.in("node", "ip rule")).isEqualTo(rules);
    }

    @Test
    void aPodThatWasWiredSinceTheSurveyKeepsItsRules() throws IOException, InterruptedException {
        node.in("node", "ip rule add to 10.0.1.21 lookup main priority 512");
        node.in("node", "ip rule add from 10.0.1.21 lookup 2 priority 1536");
        HostSurvey survey = network.survey();
        var _ = node.wire(network, "a", POD, 0, 1);
        String state = node.state();

        assertThat(network.sweep(survey, OWN)).isZero();

        assertThat(node.state()).isEqualTo(state).contains("1536:\tfrom " + POD + " lookup 2");
    }

    @Test
    void aPodWhoseHostRouteIsLostKeepsItsRules() throws IOException, InterruptedException {
        var _ = node.wire(network, "a", POD, 0, 1);
        HostSurvey whole = network.survey();
        node.in("node", "ip route del " + POD);
        String state = node.state();
        HostNetwork unaware = node.network(TestNode.settings());

        assertThat(network.sweep(network.survey(), OWN)).isZero();
        assertThat(network.sweep(whole, OWN)).isZero();
        assertThat(unaware.sweep(unaware.survey(), OWN)).isZero();

        assertThat(node.state()).isEqualTo(state);
    }

    @Test
    void rulesOfASandboxThatWentWithoutADelGoAndItsDelIsFine() throws IOException, InterruptedException {
        String before = node.state();
        WiredPod pod = node.wire(network, "a", POD, 0, 1);
        node.in("node", "ip link del " + pod.hostInterface()); // as the end of its namespace does

        assertThat(network.sweep(network.survey(), OWN)).isEqualTo(2);

        assertThat(node.state()).isEqualTo(before);
        assertThat(node.in("node", "nft list set ip vpc-eni-pods sources")).doesNotContain(POD);
        network.unwire(TestNode.unwiring("a", POD));
        assertThat(node.state()).isEqualTo(before);
    }

    /// Each pod is looked at once it is wired; a rule that a sweep took from it is missing then.
    @Test
    void podsComeAndGoWhileRulesAreSwept() throws IOException, InterruptedException {
        String before = node.state();
        Set<InetAddress> own = new HashSet<>();
        List<Thread> threads = new ArrayList<>();
        List<Throwable> wrong = new CopyOnWriteArrayList<>();
        AtomicBoolean isOver = new AtomicBoolean();
        AtomicInteger swept = new AtomicInteger();
        for (int i = 0; i < 4; i++) {
            String pod = "p" + i;
            String address = "10.0.1." + (100 + i);
            node.namespace(pod);
            own.add(InetAddress.ofLiteral(address));
            threads.add(Thread.ofPlatform().start(() -> comeAndGo(pod, address, wrong)));
        }
        Thread sweeper = Thread.ofPlatform().start(() -> {
            try {
                while (!isOver.get()) {
                    swept.addAndGet(network.sweep(network.survey(), own));
                }
            } catch (IOException | RuntimeException e) {
                wrong.add(e);
            }
        });
        for (Thread thread : threads) {
            thread.join();
        }
        isOver.set(true);
        sweeper.join();
        network.reapLinks();

        assertThat(wrong).isEmpty();
        assertThat(swept.get()).isZero();
        assertThat(node.state()).isEqualTo(before);
    }

    private void comeAndGo(String pod, String address, List<Throwable> wrong) {
        try {
            for (int i = 0; i < 40; i++) {
                var _ = node.wire(network, pod, address, 0, 1);
                HostSurvey survey = network.survey();
                assertThat(survey.mentioned()).contains(InetAddress.ofLiteral(address));
                assertThat(survey.pods())
                        .filteredOn(found -> found.address().equals(InetAddress.ofLiteral(address)))
                        .singleElement()
                        .satisfies(found -> assertThat(found.routeTable()).isEqualTo(2));
                network.unwire(TestNode.unwiring(pod, address));
            }
        } catch (IOException | RuntimeException | AssertionError e) {
            wrong.add(e);
        }
    }
}
