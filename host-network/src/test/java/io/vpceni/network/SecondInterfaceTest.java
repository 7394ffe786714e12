package io.vpceni.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.DeviceSlot;
import io.vpceni.config.PodName;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Two interfaces of one pod, as Multus asks for them. The node drops what comes out of a pod's link from another
/// address than that link's, so an answer that leaves by the wrong interface is lost.
@Tag("root")
@SuppressWarnings("NullAway.Init") // set before each test
class SecondInterfaceTest {

    private static final Map<String, String> ADDRESSES = Map.of("eth0", "10.0.1.21", "net1", "10.0.1.22");
    private static final String VPC_HOST = "10.0.9.9";
    private static final String INTERNET = "198.51.100.7";

    private TestNode node;
    private HostNetwork network;
    private final Map<String, WiredPod> wired = new TreeMap<>();

    @BeforeEach
    void open() throws IOException, InterruptedException {
        node = TestNode.open("si");
        network = node.network(TestNode.settings());
        node.setUpEnis(network);
        node.in(
                "vpc",
                "for a in 10.0.1.21 10.0.1.22; do ip route add $a via 10.0.1.10; done; "
                        + "for a in " + VPC_HOST + " " + INTERNET + "; do ip addr add $a/32 dev lo; done; "
                        + "for i in all vpc0 vpc1; do echo 2 > /proc/sys/net/ipv4/conf/$i/rp_filter; done");
        node.in(
                "node",
                "nft add table ip spoof; "
                        + "nft add chain ip spoof in \"{ type filter hook prerouting priority -300; }\"");
        node.namespace("a");
    }

    @AfterEach
    void leaveNothing() throws IOException {
        node.close();
    }

    @ParameterizedTest
    @CsvSource({"eth0, net1, eth0", "eth0, net1, net1", "net1, eth0, eth0", "net1, eth0, net1"})
    void eachInterfaceIsWholeBesideTheOtherAndAfterIt(String first, String second, String deleted)
            throws IOException, InterruptedException {
        assertThat(wire(first).defaultRoute()).isTrue();
        String routes = mainRoutes();
        assertThat(wire(second).defaultRoute()).isFalse();
        assertThat(mainRoutes()).isEqualTo(routes).contains("default via 169.254.1.1 dev " + first);
        assertAnswers(first);
        assertAnswers(second);
        assertReaches("");

        unwire(deleted);

        String left = deleted.equals(first) ? second : first;
        assertAnswers(left);
        assertReaches("-I " + ADDRESSES.get(left));
        if (left.equals(first)) {
            assertThat(mainRoutes()).isEqualTo(routes);
            assertReaches("");
        }
    }

    @ParameterizedTest
    @CsvSource({"eth0, net1", "net1, eth0"})
    void aRepeatedAddGivesBackWhatEachHasLostAndNothingOfTheOther(String first, String second)
            throws IOException, InterruptedException {
        var _ = wire(first);
        var _ = wire(second);
        String whole = inside();

        node.in("a", "ip rule del priority 1536; ip route flush table main; ip neigh flush all nud permanent");
        assertThat(wire(first).defaultRoute()).isTrue();
        assertThat(wire(second).defaultRoute()).isFalse();
        assertThat(inside()).isEqualTo(whole);

        node.in("a", "ip addr flush dev " + second + "; ip link set " + second + " down");
        assertThat(wire(second).defaultRoute()).isFalse();
        assertThat(inside()).isEqualTo(whole);
        assertAnswers(first);
        assertAnswers(second);
    }

    @Test
    void theSecondStaysTheSecondOnceTheFirstIsGone() throws IOException, InterruptedException {
        var _ = wire("eth0");
        var _ = wire("net1");
        unwire("eth0");

        assertThat(wire("net1").defaultRoute()).isFalse();
        assertThat(mainRoutes()).isEmpty();
        assertAnswers("net1");
        assertThat(wire("eth0").defaultRoute()).isTrue();
        assertAnswers("eth0");
        assertAnswers("net1");
    }

    @Test
    void anotherPluginsFirstInterfaceKeepsItsRoutes() throws IOException, InterruptedException {
        node.in("node", "ip link add other0 type veth peer name other1; ip addr add 192.168.7.1/24 dev other0");
        node.in("node", "ip link set other1 netns $(basename " + node.path("a") + "); ip link set other0 up");
        node.in("a", "ip link set other1 name eth0; ip addr add 192.168.7.2/24 dev eth0; ip link set eth0 up");
        node.in("a", "ip route add default via 192.168.7.1 metric 100");
        String routes = mainRoutes();

        assertThat(wire("net1").defaultRoute()).isFalse();

        assertThat(mainRoutes()).isEqualTo(routes);
        assertAnswers("net1");
        assertThat(node.in("a", "ping -c 1 -W 5 192.168.7.1")).contains(" 1 received");
        unwire("net1");
        assertThat(mainRoutes()).isEqualTo(routes);
    }

    @Test
    void theDefaultRouteIsTakenWhenTheConfigurationAsksForItAndComesBack() throws IOException, InterruptedException {
        String hostInterface = wire("eth0").hostInterface();
        String routes = mainRoutes();

        for (int i = 0; i < 2; i++) {
            assertThat(wire("net1", DefaultRoute.ALWAYS).defaultRoute()).isTrue();
            assertThat(mainRoutes()).startsWith("default via 169.254.1.1 dev net1");
            assertAnswers("eth0");
            assertAnswers("net1");
            assertReaches("");
        }
        assertThat(wire("eth0").hostInterface()).isEqualTo(hostInterface);
        assertThat(mainRoutes()).startsWith("default via 169.254.1.1 dev net1");
        unwire("net1");

        assertThat(mainRoutes()).isEqualTo(routes);
        assertAnswers("eth0");
        assertReaches("");
    }

    @Test
    void anOnlyInterfaceHasNoDefaultRouteWhenTheConfigurationSaysSo() throws IOException, InterruptedException {
        for (int i = 0; i < 2; i++) {
            assertThat(wire("eth0", DefaultRoute.NEVER).defaultRoute()).isFalse();
            assertThat(mainRoutes()).isEmpty();
            assertAnswers("eth0");
            assertReaches("-I 10.0.1.21");
        }
    }

    private WiredPod wire(String interfaceName) throws IOException, InterruptedException {
        return wire(interfaceName, DefaultRoute.IF_NONE);
    }

    private WiredPod wire(String interfaceName, DefaultRoute defaultRoute) throws IOException, InterruptedException {
        String address = ADDRESSES.getOrDefault(interfaceName, "");
        WiredPod pod = node.wire(
                network,
                "a",
                new PodWiring(
                        new AttachmentKey("vpc-eni", "c1", interfaceName),
                        new PodName("shop", "cart-0"),
                        InetAddress.ofLiteral(address),
                        new DeviceSlot(0, 1),
                        defaultRoute,
                        PodSources.OWN));
        if (wired.put(interfaceName, pod) == null) {
            node.in(
                    "node",
                    "nft add rule ip spoof in iifname " + pod.hostInterface() + " ip saddr != " + address + " drop");
        }
        return pod;
    }

    private void unwire(String interfaceName) throws IOException {
        network.unwire(new PodUnwiring(
                new AttachmentKey("vpc-eni", "c1", interfaceName),
                new PodName("shop", "cart-0"),
                InetAddress.ofLiteral(ADDRESSES.getOrDefault(interfaceName, ""))));
        network.reapLinks();
    }

    /// To the node, to another host of the VPC, and to the internet (it is not translated here).
    private void assertAnswers(String interfaceName) throws IOException, InterruptedException {
        String address = ADDRESSES.get(interfaceName);
        assertThat(node.in("node", "ping -c 1 -W 5 " + address)).contains(" 1 received");
        for (String from : List.of(VPC_HOST, INTERNET)) {
            assertThat(node.in("vpc", "ping -c 1 -W 5 -I " + from + " " + address))
                    .contains(" 1 received");
        }
    }

    private void assertReaches(String from) throws IOException, InterruptedException {
        assertThat(node.in("a", "ping -c 1 -W 5 " + from + " " + VPC_HOST)).contains(" 1 received");
    }

    private String mainRoutes() throws IOException, InterruptedException {
        return node.in("a", "ip route show table main");
    }

    /// The order of rules and addresses of one kind says nothing.
    private String inside() throws IOException, InterruptedException {
        return node.in(
                "a",
                "(ip -o -4 addr; ip route show table all; ip rule; ip neigh show nud permanent) "
                        + "| sed \"s/ valid_lft.*//\" | sort");
    }
}
