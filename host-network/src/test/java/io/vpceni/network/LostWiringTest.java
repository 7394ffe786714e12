package io.vpceni.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// An ADD that is repeated gives back what the sandbox has lost since the first: each part alone, and all together.
@Tag("root")
@SuppressWarnings("NullAway.Init") // set before each test
class LostWiringTest {

    private static final String POD = "10.0.1.21";
    private static final String HOST = "eni5e1c4d6c68c"; // printf default.pod-a | sha1sum

    private TestNode node;
    private HostNetwork network;

    @BeforeEach
    void open() throws IOException, InterruptedException {
        node = TestNode.open("lw");
        network = node.network(TestNode.settings());
        node.setUpEnis(network);
        node.in("vpc", "ip route add " + POD + " via 10.0.1.10");
        node.in("vpc", "for i in all vpc0 vpc1; do echo 2 > /proc/sys/net/ipv4/conf/$i/rp_filter; done");
        node.namespace("a");
    }

    @AfterEach
    void leaveNothing() throws IOException {
        node.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a    | ip addr flush dev eth0
            a    | ip link set eth0 down
            a    | ip route del default
            a    | ip route flush table main
            a    | ip neigh flush all nud permanent
            a    | ip neigh replace 169.254.1.1 lladdr 02:00:00:00:00:99 dev eth0 nud permanent
            a    | ip link set eth0 mtu 1280
            node | ip route del 10.0.1.21
            node | ip rule del priority 512
            node | ip rule del priority 1536
            node | ip rule add from 10.0.1.21 lookup 7 priority 1536
            node | ip rule flush; ip rule add lookup main; ip rule add lookup default
            node | ip link set eni5e1c4d6c68c down
            node | ip link set eni5e1c4d6c68c alias ""
            node | ip link set eni5e1c4d6c68c group 0
            node | ip link set eni5e1c4d6c68c mtu 1280
            node | ip link set eni5e1c4d6c68c address 02:00:00:00:00:98
            """)
    void whatIsLostComesBack(String where, String loss) throws IOException, InterruptedException {
        assertWhole(node.wire(network, "a", POD, 0, 1));
        String insideBefore = inside();

        node.in(where, loss);
        assertWhole(node.wire(network, "a", POD, 0, 1));

        if (!loss.contains("address")) { // the link's own: the pod knows the new one
            assertThat(inside()).isEqualTo(insideBefore);
        }
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void whatIsLostComesBackAllTogether(boolean isKnown) throws IOException, InterruptedException {
        assertWhole(node.wire(network, "a", POD, 0, 1));
        node.in("a", "ip addr flush dev eth0; ip neigh flush all nud permanent; ip link set eth0 down mtu 1280");
        node.in(
                "node",
                "ip rule del priority 512; ip rule del priority 1536; ip link set " + HOST + " down group 0 mtu 1280");
        HostNetwork again = isKnown ? network : node.network(TestNode.settings());

        assertWhole(node.wire(again, "a", POD, 0, 1));
    }

    /// From the node and back, from the VPC and back, and to the VPC by the pod's own ENI.
    private void assertWhole(WiredPod pod) throws IOException, InterruptedException {
        assertThat(pod.hostInterface()).isEqualTo(HOST);
        assertThat(node.in("node", "ip -o link show dev " + HOST))
                .contains("alias vpc-eni/1 vpc-eni a eth0 10.0.1.21 default/pod-a", "mtu 1400", ",UP")
                .contains("group " + LinkGroups.PODS);
        assertThat(node.in("a", "ip -o link show dev eth0"))
                .contains("mtu 1400", pod.podMac().toString());
        assertThat(node.in("node", "ip rule"))
                .containsOnlyOnce("512:\tfrom all to " + POD + " lookup main")
                .containsOnlyOnce("1536:\tfrom " + POD + " lookup 2");
        for (String packet : List.of("node " + POD, "vpc -I 10.0.1.1 " + POD, "a 10.0.1.1")) {
            String[] words = packet.split(" ", 2);
            assertThat(node.in(words[0], "ping -c 1 -W 5 " + words[1])).contains(" 1 received");
        }
        assertThat(network.survey().pods())
                .singleElement()
                .satisfies(found -> assertThat(found.address()).isEqualTo(InetAddress.ofLiteral(POD)));
    }

    private String inside() throws IOException, InterruptedException {
        return node.in("a", "ip -4 addr show eth0; ip route; ip neigh show nud permanent");
    }
}
