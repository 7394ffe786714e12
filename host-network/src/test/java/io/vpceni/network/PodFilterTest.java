package io.vpceni.network;

import static io.vpceni.network.FilteredNode.NODE;
import static io.vpceni.network.FilteredNode.OTHER;
import static io.vpceni.network.FilteredNode.POD;
import static io.vpceni.network.FilteredNode.PORT;
import static io.vpceni.network.FilteredNode.VPC_HOST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vpceni.netlink.Netns;
import java.io.IOException;
import java.net.DatagramSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a pod whose processes have CAP_NET_RAW cannot do: each with the frames for it, on a plain link and on one
/// that a bandwidth plugin redirects to an ifb. Each is tried again without our tables, and works then.
///
/// A frame that may pass is sent after one that may not: when only the second arrives, the first did not get through.
@Tag("root")
@SuppressWarnings("NullAway.Init") // set before each test
class PodFilterTest {

    private static final String LINK_LOCAL = "fe80::66";

    private FilteredNode it;

    @BeforeEach
    void open() throws IOException, InterruptedException {
        it = FilteredNode.open("pf");
    }

    @AfterEach
    void leaveNothing() throws IOException {
        it.close();
    }

    @ParameterizedTest(name = "bandwidth plugin chained: {0}")
    @ValueSource(booleans = {false, true})
    void aPodIsNobodyElseToItsNode(boolean shaped) throws IOException, InterruptedException {
        chain(shaped);

        onlyItsOwnArrives("node", NODE, OTHER);
    }

    @ParameterizedTest(name = "bandwidth plugin chained: {0}")
    @ValueSource(booleans = {false, true})
    void aPodIsNobodyElseInTheVpc(boolean shaped) throws IOException, InterruptedException {
        chain(shaped);

        onlyItsOwnArrives("vpc", VPC_HOST, OTHER);
    }

    @ParameterizedTest(name = "bandwidth plugin chained: {0}")
    @ValueSource(booleans = {false, true})
    void aPodIsNobodyElseToAnotherPod(boolean shaped) throws IOException, InterruptedException {
        chain(shaped);

        onlyItsOwnArrives("other", OTHER, VPC_HOST);
    }

    @ParameterizedTest(name = "bandwidth plugin chained: {0}")
    @ValueSource(booleans = {false, true})
    void aPodIsNoRouterOfItsNode(boolean shaped) throws IOException, InterruptedException {
        chain(shaped);

        it.link.send(it.frames.routerAdvertisement(LINK_LOCAL));
        counted(PodDrop.ROUTER, 1);
        assertThat(it.node.in("node", "ip -6 route show default")).doesNotContain(LINK_LOCAL);

        it.takeFilterAway();
        it.link.send(it.frames.routerAdvertisement(LINK_LOCAL));
        FilteredNode.await(
                "without the tables the pod is the node's router",
                () -> it.node.in("node", "ip -6 route show default").contains(LINK_LOCAL));
    }

    @ParameterizedTest(name = "bandwidth plugin chained: {0}")
    @ValueSource(booleans = {false, true})
    void aPodRedirectsNothing(boolean shaped) throws IOException, InterruptedException {
        chain(shaped);
        String linkLocal = linkLocalOfTheNode();

        redirectBothWays(linkLocal);
        counted(PodDrop.ROUTER, 2);
        assertThat(it.node.in("node", "cat /proc/net/snmp /proc/net/snmp6"))
                .doesNotContain("InType5", "Icmp6InType137");

        it.takeFilterAway();
        redirectBothWays(linkLocal);
        FilteredNode.await("without the tables redirects are read", () -> {
            String received = it.node.in("node", "cat /proc/net/snmp /proc/net/snmp6");
            return received.contains("InType5") && received.contains("Icmp6InType137");
        });
    }

    @ParameterizedTest(name = "bandwidth plugin chained: {0}")
    @ValueSource(booleans = {false, true})
    void aPodTellsItsNodeNoPathMtu(boolean shaped) throws IOException, InterruptedException {
        chain(shaped);
        it.link.send(it.frames.pathMtu(POD, NODE, VPC_HOST, 576));
        counted(PodDrop.ROUTER, 1);
        assertThat(it.node.in("node", "ip route get " + VPC_HOST)).doesNotContain("mtu");

        it.takeFilterAway();
        it.link.send(it.frames.pathMtu(POD, NODE, VPC_HOST, 576));
        FilteredNode.await(
                "without the tables the pod lowers it",
                () -> it.node.in("node", "ip route get " + VPC_HOST).contains("mtu"));
    }

    private void redirectBothWays(String linkLocal) throws IOException {
        it.link.send(it.frames.redirect(POD, NODE, VPC_HOST, POD));
        it.link.send(it.frames.redirect6(LINK_LOCAL, linkLocal, "2001:db8::1", LINK_LOCAL));
    }

    @ParameterizedTest(name = "bandwidth plugin chained: {0}")
    @ValueSource(booleans = {false, true})
    void noServiceOfTheNodeIsReachedByTheLinksOwnAddresses(boolean shaped) throws IOException, InterruptedException {
        chain(shaped);
        String linkLocal = linkLocalOfTheNode();
        try (DatagramSocket everywhere = Netns.call(it.node.path("node"), () -> new DatagramSocket(PORT))) {
            for (String destination : new String[] {linkLocal, "ff02::1"}) {
                it.link.send(it.frames.udp(LINK_LOCAL, destination, PORT));
            }
            it.link.send(it.frames.udp(POD, NODE, PORT));
            assertThat(FilteredNode.arrival(everywhere)).isEqualTo(POD);

            it.takeFilterAway();
            it.link.send(it.frames.neighbourSolicitation(LINK_LOCAL, linkLocal));
            it.link.send(it.frames.udp(LINK_LOCAL, linkLocal, PORT));
            assertThat(FilteredNode.arrival(everywhere)).startsWith("fe80:");
        }
        assertThat(it.dropped(PodDrop.SOURCE)).isZero();
    }

    @ParameterizedTest(name = "bandwidth plugin chained: {0}")
    @ValueSource(booleans = {false, true})
    void theGatewaysAddressIsNoWayIn(boolean shaped) throws IOException, InterruptedException {
        it.node.in("node", "ip addr add 169.254.1.1/32 dev lo"); // as some other program's set-up has it
        chain(shaped);

        isNoWayIn("169.254.1.1", "169.254.1.1");
    }

    /// kube-proxy lets packets to 127.0.0.0/8 in from everywhere when NodePorts are to be reached there.
    @ParameterizedTest(name = "bandwidth plugin chained: {0}")
    @ValueSource(booleans = {false, true})
    void loopbackIsNoWayIn(boolean shaped) throws IOException, InterruptedException {
        it.node.in("node", "echo 1 > /proc/sys/net/ipv4/conf/all/route_localnet");
        chain(shaped);

        isNoWayIn("127.0.0.1", "127.0.0.1");
    }

    /// Answers for others stay on the pod's own link, where nobody else's are looked for; but each question would leave
    /// its asker in the node's one neighbour table, which is full after some hundred.
    @ParameterizedTest(name = "bandwidth plugin chained: {0}")
    @ValueSource(booleans = {false, true})
    void aPodAnswersForNobodyElse(boolean shaped) throws IOException, InterruptedException {
        chain(shaped);
        String neighbours = it.node.in("node", "ip -4 neigh show dev eth0; ip -4 neigh show dev eth1");

        tellOfOthers();
        counted(PodDrop.ARP, 3);
        assertThat(it.node.in("node", "ip -4 neigh show dev " + it.pod.hostInterface()))
                .doesNotContain("10.0.0.1 ", "10.0.0.77", OTHER);

        it.takeFilterAway();
        tellOfOthers();
        FilteredNode.await(
                "without the tables the pod fills the node's table",
                () -> it.node
                        .in("node", "ip -4 neigh show dev " + it.pod.hostInterface())
                        .contains("10.0.0.77"));
        assertThat(it.node.in("node", "ip -4 neigh show dev eth0; ip -4 neigh show dev eth1"))
                .isEqualTo(neighbours);
    }

    private void tellOfOthers() throws IOException {
        it.link.send(it.frames.arpReply("10.0.0.1", NODE));
        it.link.send(it.frames.arpReply(OTHER, OTHER));
        it.link.send(it.frames.arpRequest("10.0.0.77", NODE));
    }

    private void onlyItsOwnArrives(String where, String destination, String spoofed)
            throws IOException, InterruptedException {
        try (DatagramSocket at = it.listen(where, destination)) {
            it.link.send(it.frames.udp(spoofed, destination, PORT));
            it.link.send(it.frames.udp(POD, destination, PORT));
            assertThat(FilteredNode.arrival(at)).isEqualTo(POD);
            counted(PodDrop.SOURCE, 1);

            it.takeFilterAway();
            it.link.send(it.frames.udp(spoofed, destination, PORT));
            assertThat(FilteredNode.arrival(at)).isEqualTo(spoofed);
        }
    }

    private void isNoWayIn(String listens, String destination) throws IOException, InterruptedException {
        try (DatagramSocket at = it.listen("node", listens)) {
            it.link.send(it.frames.udp(POD, destination, PORT));
            counted(PodDrop.NODE, 1);
            assertThat(FilteredNode.arrived(at)).isEmpty();

            it.takeFilterAway();
            it.link.send(it.frames.udp(POD, destination, PORT));
            assertThat(FilteredNode.arrival(at)).isEqualTo(POD);
        }
    }

    private void chain(boolean shaped) throws IOException, InterruptedException {
        if (shaped) {
            assumeTrue(it.shape(), "this kernel has no ifb: the redirect of bandwidth plugins cannot be made");
        }
    }

    private void counted(PodDrop why, long packets) throws IOException, InterruptedException {
        FilteredNode.await(packets + " packets dropped for " + why, () -> it.dropped(why) >= packets);
        assertThat(it.dropped(why)).isEqualTo(packets);
    }

    private String linkLocalOfTheNode() throws IOException, InterruptedException {
        String command = "ip -6 -o addr show dev " + it.pod.hostInterface() + " scope link -tentative";
        FilteredNode.await(
                "the link has an address of its own",
                () -> it.node.in("node", command).contains("fe80:"));
        String text = it.node.in("node", command);
        int from = text.indexOf("fe80:");
        return text.substring(from, text.indexOf('/', from));
    }
}
