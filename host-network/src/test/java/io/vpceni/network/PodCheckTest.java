package io.vpceni.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.netlink.NetnsFd;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What CHECK finds in the kernel, and what it says of it. No drift watch runs, which would repair the node's side.
@Tag("root")
@SuppressWarnings("NullAway.Init") // set before each test
class PodCheckTest {
    private static final String POD = "10.0.1.21";

    private TestNode node;
    private HostNetwork network;
    private WiredPod wired;

    @BeforeEach
    void open() throws IOException, InterruptedException {
        node = TestNode.open("pc");
        network = node.network(TestNode.settings());
        node.setUpEnis(network);
        node.namespace("a");
        wired = node.wire(network, "a", POD, 0, 1);
    }

    @AfterEach
    void leaveNothing() throws IOException {
        node.close();
    }

    @Test
    void aPodAsItWasMadeHasNoDifferences() throws IOException {
        assertThat(check(true)).isEmpty();
    }

    static Stream<Arguments> differences() {
        return Stream.of(
                Arguments.of("a", "ip link set eth0 down", "eth0 is down"),
                Arguments.of("a", "ip link set eth0 name eth9", "eth0 is missing in the sandbox"),
                Arguments.of("a", "ip addr del 10.0.1.21/32 dev eth0", "eth0 does not have the address 10.0.1.21"),
                Arguments.of(
                        "a",
                        "ip addr add 10.9.9.9/32 dev eth0",
                        "eth0 has the address 10.9.9.9/32, which is not its own"),
                Arguments.of("a", "ip route del default", "the sandbox has no default route via 169.254.1.1 dev eth0"),
                Arguments.of("a", "ip route del 169.254.1.1", "the sandbox has no route to 169.254.1.1 dev eth0"),
                Arguments.of(
                        "a",
                        "ip neigh replace 169.254.1.1 lladdr 02:00:00:00:99:99 dev eth0 nud permanent",
                        "the neighbor entry of 169.254.1.1 has the MAC address 02:00:00:00:99:99 instead of"),
                Arguments.of("node", "ip link set HOST down", "HOST is down"),
                Arguments.of("node", "ip link set HOST alias else", "HOST has the alias"),
                Arguments.of("node", "ip link set HOST group 0", "HOST is in group 0"),
                Arguments.of("node", "ip route del 10.0.1.21", "route 10.0.1.21/32 dev HOST table main: there is none"),
                Arguments.of("node", "ip rule del priority 512", "no rule"),
                Arguments.of("node", "ip rule del priority 1536", "no rule"),
                Arguments.of("node", "ip addr add 10.0.1.21/32 dev eth1", "its address 10.0.1.21/32 is on eth1"),
                Arguments.of("node", "echo 0 > /proc/sys/net/ipv4/conf/HOST/proxy_arp", "proxy_arp=0"),
                Arguments.of(
                        "node", "nft delete table ip vpc-eni-pods", "lacks the pod's link, or the table is missing"),
                Arguments.of("node", "ip link del HOST", "its link on the node is gone"));
    }

    @ParameterizedTest
    @MethodSource("differences")
    void eachDifferenceIsNamed(String where, String command, String text) throws IOException, InterruptedException {
        node.in(where, command.replace("HOST", wired.hostInterface()));

        assertThat(check(true))
                .anyMatch(difference -> difference.contains(text.replace("HOST", wired.hostInterface())));
    }

    /// As tuning, sbr, bandwidth, Multus and a mesh leave a pod.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ip link set eth0 mtu 1300",
                "ip link set eth0 address 02:00:00:00:77:01",
                "ip route add table 100 169.254.1.1 dev eth0; ip route add table 100 default via 169.254.1.1 dev eth0; "
                        + "ip rule add from 10.0.1.21 lookup 100; ip route del default; ip route del 169.254.1.1",
                "ip link add ifb0 type ifb; ip link set ifb0 up",
                "ip link add net1 type veth peer name net2; ip addr add 192.168.0.7/24 dev net1; ip link set net1 up; "
                        + "ip route replace default via 192.168.0.1 dev net1",
                "sysctl -qw net.ipv4.ip_forward=1",
                "ip route add 10.96.0.0/16 via 169.254.1.1 dev eth0"
            })
    void whatChainedPluginsChangeIsNoDifference(String command) throws IOException, InterruptedException {
        node.in("a", command);

        assertThat(check(true)).isEmpty();
    }

    @Test
    void anotherLinkOfTheSameNameIsNotThePods() throws IOException, InterruptedException {
        node.in("a", "ip link set eth0 name old; ip link add eth0 type veth peer name x");

        assertThat(check(true))
                .contains("eth0 is another link than that of the ADD: its other end is not " + wired.hostInterface());
    }

    @Test
    void aSandboxThatWasNeverWiredOrIsUnwiredIsNone() throws IOException {
        network.unwire(TestNode.unwiring("a", POD));

        assertThat(check(true)).containsExactly("ipamd has not wired this sandbox, or its link is gone");
    }

    @Test
    void anotherAddOfThePodRestoresWhatItLost() throws IOException, InterruptedException {
        node.in("a", "ip link set eth0 down; ip link set eth0 up");
        assertThat(check(true)).isNotEmpty();

        var _ = node.wire(network, "a", POD, 0, 1);

        assertThat(check(true)).isEmpty();
    }

    private List<String> check(boolean defaultRoute) throws IOException {
        try (NetnsFd netns = NetnsFd.open(node.path("a"))) {
            return network.check(
                    new PodExpectation(TestNode.wiring("a", POD, 0, 1).key(), InetAddress.ofLiteral(POD), defaultRoute),
                    netns);
        }
    }
}
