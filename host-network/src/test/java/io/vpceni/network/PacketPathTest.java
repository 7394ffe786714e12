package io.vpceni.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vpceni.config.Cidr;
import io.vpceni.config.NetworkSettings;
import io.vpceni.netlink.Netns;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Where packets of a pod on a secondary ENI go, and as whom: real connections through a VPC of one namespace,
/// which has the internet's, another VPC host's and an excluded network's address besides. The VPC counts by ENI
/// what comes in, and drops what has a source that the ENI does not have, as the fabric does.
@Tag("root")
@SuppressWarnings("NullAway.Init") // set before each test
class PacketPathTest {

    private static final String POD = "10.0.1.21";
    private static final String NODE = "10.0.0.10";
    private static final String INTERNET = "198.51.100.7";
    private static final String VPC_HOST = "10.0.9.9";
    private static final String EXCLUDED = "172.20.0.9";

    private TestNode node;

    @BeforeEach
    void open() throws IOException, InterruptedException {
        node = TestNode.open("pp");
        node.in(
                "vpc",
                "ip route add " + POD + " via 10.0.1.10; for a in " + INTERNET + " " + VPC_HOST + " " + EXCLUDED
                        + "; do ip addr add $a/32 dev lo; done; "
                        + "for i in all vpc0 vpc1; do echo 2 > /proc/sys/net/ipv4/conf/$i/rp_filter; done; "
                        + "nft add table ip fabric; "
                        + "nft add chain ip fabric in \"{ type filter hook prerouting priority -300; }\"; "
                        + "nft add rule ip fabric in iifname vpc0 ip saddr != " + NODE + " drop; "
                        + "nft add rule ip fabric in iifname vpc1 ip saddr != " + POD + " drop");
    }

    @AfterEach
    void leaveNothing() throws IOException {
        node.close();
    }

    @Test
    void toTheInternetAPodIsTheNodeAndLeavesByThePrimaryEni() throws IOException, InterruptedException {
        var _ = start(TestNode.settings(false, List.of(), true));

        assertThat(seenFromPod(INTERNET)).isEqualTo(NODE);
    }

    @Test
    void toTheInternetAPodIsTheNodeWithoutNodePortsToo() throws IOException, InterruptedException {
        var _ = start(TestNode.settings(false, List.of(), false));

        assertThat(seenFromPod(INTERNET)).isEqualTo(NODE);
    }

    @Test
    void insideTheVpcAPodIsItself() throws IOException, InterruptedException {
        var _ = start(TestNode.settings(false, List.of(), true));

        assertThat(seenFromPod(VPC_HOST)).isEqualTo(POD);
    }

    @Test
    void aBlockThatTheVpcGetsLaterCountsForPodsInItAndForTheWayThere() throws IOException, InterruptedException {
        HostNetwork network = node.network(TestNode.settings());
        node.setUpEnis(network);
        apply(network, "10.0.0.0/24");
        node.namespace("pod");
        var _ = node.wire(network, "pod", POD, 0, 1);
        assertThatThrownBy(() -> seenFromPod(INTERNET))
                .isInstanceOf(IOException.class); // not in the VPC: not translated

        apply(network, "10.0.0.0/24", "10.0.1.0/24");
        assertThat(seenFromPod(INTERNET)).isEqualTo(NODE);
        assertThat(seenFromPod(EXCLUDED)).isEqualTo(NODE);

        apply(network, "10.0.0.0/24", "10.0.1.0/24", "172.20.0.0/16");
        assertThat(seenFromPod(EXCLUDED)).isEqualTo(POD);
        assertThat(seenFromPod(INTERNET)).isEqualTo(NODE);
    }

    /// As the tuning plugin does it. The change deletes the pod's permanent neighbor entry for its gateway.
    @Test
    void aPodWhoseMacAddressWasChangedKeepsItsConnections() throws IOException, InterruptedException {
        var _ = start(TestNode.settings(false, List.of(), true));
        assertThat(seenFromPod(VPC_HOST)).isEqualTo(POD);

        node.in("pod", "ip link set dev eth0 address 02:00:00:00:77:01");

        assertThat(node.in("pod", "ip neigh show")).doesNotContain("PERMANENT");
        assertThat(seenFromPod(VPC_HOST)).isEqualTo(POD);
        assertThat(seenFromPod(INTERNET)).isEqualTo(NODE);
    }

    private static void apply(HostNetwork network, String... blocks) throws IOException {
        network.applyNat(new NatRules(
                InetAddress.ofLiteral(NODE), Stream.of(blocks).map(Cidr::parse).toList()));
    }

    @Test
    void toAnExcludedNetworkAPodIsItself() throws IOException, InterruptedException {
        var _ = start(TestNode.settings(false, List.of(Cidr.parse("172.20.0.0/16")), true));

        assertThat(seenFromPod(EXCLUDED)).isEqualTo(POD);
        assertThat(seenFromPod(INTERNET)).isEqualTo(NODE);
    }

    @Test
    void withExternalSnatAPodIsItselfEverywhere() throws IOException, InterruptedException {
        var _ = start(TestNode.settings(true, List.of(), true));

        assertThat(seenFromPod(INTERNET)).isEqualTo(POD);
    }

    /// The fabric would drop an answer that left by the secondary ENI: its source, translated back, is the node's.
    @Test
    void aNodePortOfAPodOnASecondaryEniAnswersByThePrimary() throws IOException, InterruptedException {
        var _ = start(TestNode.settings(false, List.of(), true));
        nodePort();

        assertThat(seenByPod()).isEqualTo(INTERNET);
    }

    @Test
    void aNodePortAnswersWithExternalSnatToo() throws IOException, InterruptedException {
        var _ = start(TestNode.settings(true, List.of(), true));
        nodePort();

        assertThat(seenByPod()).isEqualTo(INTERNET);
    }

    /// Links are known by index and group.
    @Test
    void linksThatGetOtherNamesCarryThePacketsAllTheSame() throws IOException, InterruptedException {
        WiredPod pod = start(TestNode.settings(false, List.of(), true));
        nodePort();

        node.in("node", "ip link set eth0 name ens9; ip link set " + pod.hostInterface() + " name web0");

        assertThat(seenFromPod(INTERNET)).isEqualTo(NODE);
        assertThat(seenByPod()).isEqualTo(INTERNET);
    }

    private WiredPod start(NetworkSettings settings) throws IOException, InterruptedException {
        HostNetwork network = node.network(settings);
        node.setUpEnis(network);
        network.applyNat(new NatRules(InetAddress.ofLiteral(NODE), List.of(Cidr.parse("10.0.0.0/16"))));
        node.namespace("pod");
        return node.wire(network, "pod", POD, 0, 1);
    }

    /// What kube-proxy does.
    private void nodePort() throws IOException, InterruptedException {
        node.in(
                "node",
                "nft add table ip kube; "
                        + "nft add chain ip kube ports \"{ type nat hook prerouting priority -100; }\"; "
                        + "nft add rule ip kube ports ip daddr " + NODE + " tcp dport 30080 dnat to " + POD + ":8080");
    }

    /// The source that a server at that address outside sees of the pod; the connection carries a word there and back.
    private String seenFromPod(String address) throws IOException {
        return seen("vpc", "pod", address, address, 8080);
    }

    private String seenByPod() throws IOException {
        return seen("pod", "vpc", POD, NODE, 30080);
    }

    private String seen(String serverIn, String clientIn, String listens, String connectsTo, int port)
            throws IOException {
        ServerSocket server =
                Netns.call(node.path(serverIn), () -> new ServerSocket(8080, 1, InetAddress.ofLiteral(listens)));
        try (server) {
            server.setSoTimeout(5000);
            Socket client = Netns.call(node.path(clientIn), () -> {
                Socket socket = new Socket();
                if (clientIn.equals("vpc")) {
                    socket.bind(new InetSocketAddress(InetAddress.ofLiteral(INTERNET), 0));
                }
                socket.connect(new InetSocketAddress(InetAddress.ofLiteral(connectsTo), port), 5000);
                return socket;
            });
            return TcpConnection.sourceSeen(server, client);
        }
    }
}
