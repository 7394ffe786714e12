package io.vpceni.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.DeviceSlot;
import io.vpceni.config.PodName;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Links are deleted up to half a second after their sandbox was unwired. Until then they stand in nobody's way.
@Tag("root")
@SuppressWarnings("NullAway.Init") // set before each test
class DyingLinksTest {

    private static final String FIRST = "10.0.1.21";
    private static final String SECOND = "10.0.1.22";

    private TestNode node;
    private HostNetwork network;

    @BeforeEach
    void open() throws IOException, InterruptedException {
        node = TestNode.open("dl");
        network = node.network(TestNode.settings());
        node.namespace("a");
    }

    @AfterEach
    void leaveNothing() throws IOException {
        node.close();
    }

    @Test
    void anotherContainerIdInTheSameSandboxIsWiredRightAfterTheFirstOnesDel() throws IOException, InterruptedException {
        var _ = node.wire(network, "a", wiring("c1", "cart-0", FIRST));
        network.unwire(unwiring("c1", "cart-0", FIRST));

        var _ = node.wire(network, "a", wiring("c2", "cart-1", SECOND));

        assertReached(SECOND, "c2");
    }

    @Test
    void theSameKeyIsWiredRightAfterItsDel() throws IOException, InterruptedException {
        for (String address : List.of(FIRST, SECOND, FIRST)) {
            var _ = node.wire(network, "a", wiring("c1", "cart-0", address));
            assertReached(address, "c1");
            network.unwire(unwiring("c1", "cart-0", address));
        }
        network.reapLinks();

        assertThat(node.in("node", "ip -o link; ip rule; ip route")).doesNotContain("eni", FIRST, SECOND);
    }

    @Test
    void aLinkThatAnEarlierLifeLeftToBeDeletedMakesWayToo() throws IOException, InterruptedException {
        WiredPod first = node.wire(network, "a", wiring("c1", "cart-0", FIRST));
        // What a daemon that was killed right after its DEL leaves: its own would be deleted when it is closed.
        node.in("node", "ip rule del priority 512; ip rule del priority 1536; ip route del " + FIRST);
        node.in("node", "ip link set " + first.hostInterface() + " group " + LinkGroups.REAPED);
        HostNetwork later = node.network(TestNode.settings());
        assertThat(later.survey().unwired()).containsExactly(first.hostInterface());
        later.removeLink(first.hostInterface());

        var _ = node.wire(later, "a", wiring("c2", "cart-1", SECOND));

        assertReached(SECOND, "c2");
    }

    @Test
    void severalAtOnceMakeWay() throws IOException, InterruptedException {
        List<String> pods = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            pods.add("p" + i);
            node.namespace("p" + i);
        }
        List<Throwable> wrong = new CopyOnWriteArrayList<>();
        for (int round = 0; round < 4; round++) {
            List<Thread> threads = new ArrayList<>();
            for (String pod : pods) {
                String container = pod + "-" + round;
                String address = "10.0." + (round + 2) + "." + (pods.indexOf(pod) + 1);
                threads.add(Thread.ofPlatform().start(() -> {
                    try {
                        var _ = node.wire(network, pod, wiring(container, pod, address));
                        network.unwire(unwiring(container, pod, address));
                    } catch (IOException | RuntimeException e) {
                        wrong.add(e);
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
        network.reapLinks();

        assertThat(wrong).isEmpty();
        assertThat(node.in("node", "ip -o link; ip rule; ip route")).doesNotContain("eni", "10.0.2.", "10.0.5.");
    }

    /// The two ends do not vanish in one moment.
    @Test
    void aLinkThatIsBeingDeletedMakesWay() throws IOException, InterruptedException {
        for (int i = 0; i < 8; i++) {
            node.namespace("p" + i);
        }
        for (int round = 0; round < 800; round++) { // many links are deleted twice a second
            String pod = "p" + round % 8;
            var _ = node.wire(network, pod, wiring(pod, pod, "10.0.1.3" + round % 8));
            String other = "p" + (round + 4) % 8;
            network.unwire(unwiring(other, other, "10.0.1.3" + (round + 4) % 8));
        }
    }

    @Test
    void aLinkThatIsNotDyingStays() throws IOException, InterruptedException {
        WiredPod first = node.wire(network, "a", wiring("c1", "cart-0", FIRST));
        String state = node.state();

        assertThatThrownBy(() -> node.wire(network, "a", wiring("c2", "cart-1", SECOND)))
                .isInstanceOfSatisfying(
                        NetworkFailure.class,
                        failure -> assertThat(failure.kind()).isEqualTo(NetworkFailure.Kind.INTERFACE_EXISTS));

        assertThat(node.state()).isEqualTo(state).contains(first.hostInterface());
        assertReached(FIRST, "c1");
    }

    private void assertReached(String address, String container) throws IOException, InterruptedException {
        assertThat(node.in("node", "ping -c 1 -W 5 " + address)).contains(" 1 received");
        assertThat(node.in("a", "ping -c 1 -W 5 10.0.0.10")).contains(" 1 received");
        assertThat(network.recover())
                .singleElement()
                .satisfies(pod -> assertThat(pod.key().containerId()).isEqualTo(container));
    }

    private static PodWiring wiring(String container, String pod, String address) {
        return new PodWiring(
                new AttachmentKey("vpc-eni", container, "eth0"),
                new PodName("shop", pod),
                InetAddress.ofLiteral(address),
                new DeviceSlot(0, 1));
    }

    private static PodUnwiring unwiring(String container, String pod, String address) {
        return new PodUnwiring(
                new AttachmentKey("vpc-eni", container, "eth0"),
                new PodName("shop", pod),
                InetAddress.ofLiteral(address));
    }
}
