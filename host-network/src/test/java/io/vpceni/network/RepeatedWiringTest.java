package io.vpceni.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.NetworkSettings;
import io.vpceni.config.PodName;
import io.vpceni.config.RandomizeSnat;
import io.vpceni.netlink.Netns;
import io.vpceni.netlink.NetnsFd;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Wirings that were done before, were left half done, or that nobody waits for any more.
@Tag("root")
@SuppressWarnings("NullAway.Init") // set before each test
class RepeatedWiringTest {

    private static final String POD = "10.0.1.21";

    private TestNode node;
    private HostNetwork network;

    @BeforeEach
    void open() throws IOException, InterruptedException {
        node = TestNode.open("rw");
        network = node.network(TestNode.settings());
        node.namespace("a");
    }

    @AfterEach
    void leaveNothing() throws IOException {
        node.close();
    }

    @Test
    void theSameWiringAgainGetsTheSameAnswer() throws IOException, InterruptedException {
        WiredPod first = node.wire(network, "a", POD, 0, 1);
        String state = node.state();
        HostNetwork later = node.network(TestNode.settings()); // ipamd started again

        assertThat(node.wire(network, "a", POD, 0, 1)).isEqualTo(first);
        assertThat(node.wire(later, "a", POD, 0, 1)).isEqualTo(first);
        assertThat(node.state()).isEqualTo(state);
    }

    @Test
    void rulesThatAreMissingComeBackWithTheSameWiring() throws IOException, InterruptedException {
        WiredPod first = node.wire(network, "a", POD, 0, 1);
        String state = node.state();
        node.in("node", "ip rule del priority 512; ip rule del priority 1536");

        assertThat(node.wire(network, "a", POD, 0, 1)).isEqualTo(first);
        assertThat(node.state()).isEqualTo(state);
    }

    /// A rule that was deleted and added again would stand behind the other one of its priority.
    @Test
    void aPodThatRunsLacksItsRuleAtNoMomentWhileItIsWiredAgain() throws IOException, InterruptedException {
        var _ = node.wire(network, "a", POD, 0, 1);
        node.in("node", "ip rule add priority 1536 from 10.0.1.99 lookup 7");
        String rules = node.in("node", "ip rule");
        node.in("node", "ip rule add priority 1536 from " + POD + " lookup 7");

        var _ = node.wire(network, "a", POD, 0, 1);

        assertThat(node.in("node", "ip rule")).isEqualTo(rules);
    }

    @Test
    void theSameSandboxWithAnotherAddressIsAFailure() throws IOException, InterruptedException {
        var _ = node.wire(network, "a", POD, 0, 1);
        String state = node.state();

        assertKind(NetworkFailure.Kind.INTERFACE_EXISTS, "10.0.1.22");
        assertThat(node.state()).isEqualTo(state);
    }

    @Test
    void anInterfaceThatIsNotOursIsAFailureEvenBesideOurHostLink() throws IOException, InterruptedException {
        WiredPod first = node.wire(network, "a", POD, 0, 1);
        node.in("a", "ip link set eth0 down; ip link set eth0 name old0; ip link add eth0 type veth peer name other");

        assertKind(NetworkFailure.Kind.INTERFACE_EXISTS, POD);
        assertThat(node.in("node", "ip link")).contains(first.hostInterface());
        assertThat(node.in("a", "ip link")).contains("old0", "other");
    }

    @Test
    void aWiringThatAnEarlierLifeLeftHalfDoneIsDoneAnew() throws IOException, InterruptedException {
        WiredPod first = node.wire(network, "a", POD, 0, 1);
        node.in("node", "ip route del " + POD + "; ip link set " + first.hostInterface() + " alias \"\"");

        WiredPod second = node.wire(node.network(TestNode.settings()), "a", POD, 0, 1);

        assertThat(second.hostInterface()).isEqualTo(first.hostInterface());
        assertThat(second.podMac()).isNotEqualTo(first.podMac());
        assertThat(network.recover())
                .singleElement()
                .satisfies(pod -> assertThat(pod.address()).isEqualTo(InetAddress.ofLiteral(POD)));
    }

    @Test
    void foreignHostLinksOfBothOurNamesAreLeftAlone() throws IOException, InterruptedException {
        List<String> names = new HostNames("eni")
                .of(new PodIdentity(new AttachmentKey("vpc-eni", "a", "eth0")), new PodName("default", "pod-a"));
        for (String name : names) {
            node.in("node", "ip link add " + name + " type veth; ip link set " + name + " alias someone");
        }
        String state = node.state();

        assertKind(NetworkFailure.Kind.FOREIGN_LINK, POD);
        assertThat(node.state()).isEqualTo(state);
        assertThat(node.in("a", "ip link")).doesNotContain("eth0");
        network.unwire(TestNode.unwiring("a", POD));
        network.reapLinks();
        assertThat(names).hasSize(2).allSatisfy(name -> {
            assertThatThrownBy(() -> network.removeLink(name))
                    .isInstanceOfSatisfying(
                            NetworkFailure.class,
                            failure -> assertThat(failure.kind()).isEqualTo(NetworkFailure.Kind.FOREIGN_LINK));
            assertThat(node.in("node", "ip link")).contains(name);
        });
    }

    @Test
    void aWiringThatNobodyWaitsForLeavesNothingAndMeetsNoOtherSandbox() throws IOException, InterruptedException {
        node.namespace("b");
        String before = node.state();
        List<Throwable> wrong = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 20; i++) {
            String pod = "c" + i;
            String address = "10.0.1." + (100 + i);
            node.namespace(pod);
            Thread caller = Thread.ofPlatform().start(() -> {
                Thread.currentThread().interrupt();
                try {
                    var _ = node.wire(network, pod, address, 0, 1);
                    boolean interrupted = Thread.interrupted(); // it was done before the wait began
                    assertThat(interrupted).isTrue();
                    network.unwire(TestNode.unwiring(pod, address));
                } catch (NetworkFailure e) {
                    if (e.kind() != NetworkFailure.Kind.OUTCOME_UNKNOWN) {
                        wrong.add(e);
                    }
                } catch (IOException | RuntimeException | AssertionError e) {
                    wrong.add(e);
                }
            });
            caller.join();
            try (NetnsFd other = NetnsFd.open(node.path("b"))) { // may get the number that the caller closed
                assertThat(other.number()).isPositive();
            }
        }
        network.close(); // what was handed over is done

        assertThat(wrong).isEmpty();
        assertThat(node.in("b", "ip link")).doesNotContain("eth0");
        assertThat(node.state()).isEqualTo(before);
    }

    @Test
    void aLateUnwiringLeavesTheNextPodOfTheAddressAlone() throws IOException, InterruptedException {
        node.namespace("b");
        var _ = node.wire(network, "a", POD, 0, 1);
        network.unwire(TestNode.unwiring("a", POD));
        var _ = node.wire(network, "b", POD, 0, 1);
        String rulesAndRoutes = node.in("node", "ip rule; ip route");
        assertThat(rulesAndRoutes).contains("512:\tfrom all to " + POD, "1536:\tfrom " + POD);

        network.unwire(TestNode.unwiring("a", POD)); // the first pod's link may be there still
        network.reapLinks();
        network.unwire(TestNode.unwiring("a", POD)); // and now it is gone

        assertThat(node.in("node", "ip rule; ip route")).isEqualTo(rulesAndRoutes);
    }

    @Test
    void anUnwiringLeavesAnAddressThatWasLedOverAForeignLinkAlone() throws IOException, InterruptedException {
        var _ = node.wire(network, "a", POD, 0, 1);
        node.in("node", "ip link add other0 type veth peer name other1; ip link set other0 up");
        node.in("node", "ip route replace " + POD + " dev other0");
        String rulesAndRoutes = node.in("node", "ip rule; ip route");

        network.unwire(TestNode.unwiring("a", POD));

        assertThat(node.in("node", "ip rule; ip route")).isEqualTo(rulesAndRoutes);
    }

    @Test
    void rulesThatNoRouteBelongsToGoWithTheUnwiring() throws IOException, InterruptedException {
        String before = node.state();
        node.in("node", "ip rule add to " + POD + " lookup main priority 512");
        node.in("node", "ip rule add from " + POD + " lookup 2 priority 1536");

        network.unwire(TestNode.unwiring("a", POD)); // the node's default route leads there, which is no host route

        assertThat(node.state()).isEqualTo(before);
    }

    @Test
    void rulesWhoseLinkIsGoneAreSweptAndNothingElse() throws IOException, InterruptedException {
        node.namespace("b");
        node.in("node", "ip rule add to 10.0.1.99 lookup main priority 512");
        node.in("node", "ip rule add to 10.0.1.20 lookup main priority 600");
        node.in("node", "ip rule add from 10.0.1.20 to 10.9.9.9 lookup 2 priority 1536");
        var _ = node.wire(network, "b", "10.0.1.22", 0, 1);
        String before = node.state();
        WiredPod gone = node.wire(network, "a", POD, 0, 1);
        node.in("node", "ip link del " + gone.hostInterface());
        assertThat(node.in("node", "ip rule")).contains("512:\tfrom all to " + POD, "1536:\tfrom " + POD);
        Set<InetAddress> own = Set.of(
                InetAddress.ofLiteral("10.0.1.20"), InetAddress.ofLiteral(POD), InetAddress.ofLiteral("10.0.1.22"));

        assertThat(network.sweep(network.survey(), own)).isEqualTo(2);
        assertThat(network.sweep(network.survey(), own)).isZero();

        assertThat(node.state()).isEqualTo(before);
    }

    @Test
    void tablesOfOtherNetworkCardsHaveNumbersOfTheirOwn() throws IOException, InterruptedException {
        var _ = node.wire(network, "a", POD, 1, 3);

        assertThat(node.in("node", "ip rule")).contains("1536:\tfrom " + POD + " lookup 10103");
        assertThat(network.recover())
                .singleElement()
                .satisfies(pod -> assertThat(pod.routeTable()).isEqualTo(10103));
        network.unwire(TestNode.unwiring("a", POD));
        assertThat(node.in("node", "ip rule")).doesNotContain(POD);
    }

    @Test
    void aRefusalOfTheLinkLeavesNothing() throws IOException, InterruptedException {
        HostNetwork large = node.network(
                new NetworkSettings("eni", 1500, 70_000, false, List.of(), RandomizeSnat.PRNG, 0x80, true));
        String before = node.state();

        assertThatThrownBy(() -> node.wire(large, "a", POD, 0, 1))
                .isInstanceOf(NetworkFailure.class)
                .hasMessageStartingWith("create the link: RTM_NEWLINK");

        assertThat(node.state()).isEqualTo(before);
        assertThat(node.in("a", "ip link")).doesNotContain("eth0");
    }

    @Test
    void theNodesOwnNamespaceIsNoSandboxByWhateverPath() throws IOException, InterruptedException {
        Path here = Path.of("/proc/thread-self/ns/net");
        String before = node.state();

        try (NetnsFd mounted = NetnsFd.open(node.path("node"));
                NetnsFd ofProcess = Netns.call(node.path("node"), () -> NetnsFd.open(here))) {
            for (NetnsFd own : List.of(mounted, ofProcess)) {
                assertThatThrownBy(() -> network.wire(TestNode.wiring("a", POD, 0, 1), own))
                        .isInstanceOfSatisfying(
                                NetworkFailure.class,
                                failure -> assertThat(failure.kind()).isEqualTo(NetworkFailure.Kind.OWN_NAMESPACE))
                        .hasMessageContaining("the network namespace of container a is the node's own");
            }
        }

        assertThat(node.state()).isEqualTo(before);
    }

    private void assertKind(NetworkFailure.Kind kind, String address) {
        assertThatThrownBy(() -> node.wire(network, "a", address, 0, 1))
                .isInstanceOfSatisfying(
                        NetworkFailure.class,
                        failure -> assertThat(failure.kind()).isEqualTo(kind));
    }
}
