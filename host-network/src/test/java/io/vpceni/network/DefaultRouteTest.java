package io.vpceni.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.Cidr;
import io.vpceni.config.DeviceSlot;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Default routes that a DHCP client, networkd or NetworkManager puts into the table main over a secondary ENI: pods
/// leave by the ENIs that they left by before.
@Tag("root")
@SuppressWarnings("NullAway.Init") // set before each test
class DefaultRouteTest {

    /// With the route to its subnet that comes with the address.
    private static final String SUBNET = "ip route add 10.0.1.0/24 dev eth1; ";

    private static final String LOWER_METRIC = SUBNET + "ip route add default via 10.0.0.1 dev eth0 metric 512; "
            + "ip route del default via 10.0.0.1 dev eth0 metric 0; "
            + "ip route add default via 10.0.1.1 dev eth1 metric 100";
    private static final String SAME_METRIC = SUBNET + "ip route prepend default via 10.0.1.1 dev eth1";
    private static final String ONLY_ONE = SUBNET + "ip route replace default via 10.0.1.1 dev eth1";

    private DriftNode node;

    @BeforeEach
    void open() throws IOException, InterruptedException {
        node = DriftNode.open("df");
        node.node.in("vpc", "ip route add 10.0.0.20/30 via " + DriftNode.NODE);
    }

    @AfterEach
    void leaveNothing() throws IOException {
        node.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {LOWER_METRIC, SAME_METRIC, ONLY_ONE})
    void aBetterOneOverASecondaryEniChangesNoPodsWay(String command) throws IOException, InterruptedException {
        node.assertPacketsFlow();

        node.node.in("node", command);

        node.assertPacketsFlow();
        assertThat(node.seen("first", "10.0.1.1")).isEqualTo(DriftNode.PRIMARY_POD);
        node.assertClientsReach("first", DriftNode.PRIMARY_POD);
        node.assertClientsReach("pod", DriftNode.POD);
    }

    @Test
    void oneThatIsThereAtTheStartIsNotTaken() throws IOException, InterruptedException {
        node.node.in("node", LOWER_METRIC + "; ip route flush table 1");

        node.restarted().assertPacketsFlow();
    }

    @Test
    void theGatewayThatTheNodeHasOnThePrimaryEniIsKept() throws IOException, InterruptedException {
        node.node.in("node", "ip route replace default via 10.0.0.254 dev eth0");

        var _ = node.restarted();

        assertThat(node.node.in("node", "ip route show table 1")).contains("default via 10.0.0.254 dev eth0");
    }

    /// As into a VPN: every route of main's but the default one.
    @Test
    void aRouteToSomewhereCountsForPodsThatLeaveByThePrimaryEni() throws IOException, InterruptedException {
        node.node.in(
                "node",
                "ip link add vpn0 type veth peer name vpn1; ip addr add 192.168.9.1/24 dev vpn0; ip link set vpn0 up;"
                        + " ip link set vpn1 up");
        String link = node.network.survey().pods().stream()
                .filter(pod -> pod.address().getHostAddress().equals(DriftNode.PRIMARY_POD))
                .findFirst()
                .orElseThrow()
                .hostInterface();

        assertThat(way("192.168.9.9 from " + DriftNode.PRIMARY_POD + " iif " + link))
                .contains("dev vpn0");
        assertThat(way("192.168.9.9 from " + DriftNode.POD + " iif " + node.podLink + " mark 0x80"))
                .contains("dev vpn0");
        assertThat(way(DriftNode.INTERNET + " from " + DriftNode.PRIMARY_POD + " iif " + link))
                .contains("dev eth0 table 1");
    }

    /// Its own packets must not leave by the primary ENI with its pods'.
    @Test
    void anEniInThePrimaryEnisSubnetKeepsItsOwnWay() throws IOException, InterruptedException {
        EniLink eni = new EniLink(
                TestNode.SECONDARY,
                new DeviceSlot(0, 1),
                InetAddress.ofLiteral("10.0.0.11"),
                Cidr.parse("10.0.0.0/24"));
        node.network.setUpEni(eni);

        assertThat(way(DriftNode.INTERNET + " from 10.0.0.11")).contains("dev eth1 table 2");
        assertThat(way(DriftNode.INTERNET + " from " + DriftNode.NODE)).contains("via 10.0.0.1 dev eth0 ");

        node.network.takeDownEni(eni);
        assertThat(node.node.in("node", "ip rule")).doesNotContain("from 10.0.0.11 ");
    }

    /// An ENI that ipamd does not manage has an address in the primary's subnet, and rules that the node made
    /// at boot: the kernel numbers them from 32765 downwards.
    @ParameterizedTest
    @ValueSource(ints = {32765, 32764, 32763, 32762, 32761})
    void anUnmanagedEniInThePrimaryEnisSubnetKeepsItsOwnWay(int priority) throws IOException, InterruptedException {
        node.node.in(
                "node",
                "ip addr add 10.0.0.60/32 dev eth1; ip route add default via 10.0.1.1 dev eth1 onlink table 101;"
                        + " ip rule add from 10.0.0.60 lookup 101 priority " + priority);

        assertThat(way(DriftNode.INTERNET + " from 10.0.0.60")).contains("dev eth1 table 101");
        assertThat(way(DriftNode.INTERNET + " from " + DriftNode.NODE)).contains("via 10.0.0.1 dev eth0 ");
        node.assertPacketsFlow();
    }

    /// Rules of somebody else's that are about the same addresses, where one of ours is.
    @Test
    void aRuleThatLeadsToAnotherTableThanOursStays() throws IOException, InterruptedException {
        node.node.in(
                "node",
                "ip rule add from 10.0.0.0/24 lookup 200 priority 32002;"
                        + " ip rule add from 10.0.1.10 lookup 10001 priority 32765;"
                        + " ip rule add from 10.0.1.10 lookup 3 priority 32765"); // as it was another ENI's

        var _ = node.restarted();

        assertThat(node.node.in("node", "ip rule"))
                .contains("from 10.0.0.0/24 lookup 200", "from 10.0.1.10 lookup 10001", "from 10.0.1.10 lookup 2")
                .doesNotContain("from 10.0.1.10 lookup 3");
    }

    /// The commands of docs/migration.md.
    @Test
    void whatTakesOurRulesAwayLeavesThoseOfOthers(@TempDir Path directory) throws IOException, InterruptedException {
        String page = Files.readString(Path.of(System.getProperty("repository.root"), "docs", "migration.md"));
        int start = page.indexOf("    ip -4 -d rule");
        String commands = page.substring(start, page.indexOf("\n\n", start));
        Path script = Files.writeString(directory.resolve("remove-rules"), commands);
        node.node.in(
                "node",
                "for p in 1022 1023 32000 32001 32002 32003; do ip rule add from 10.7.0.0/24 lookup 77 priority $p; done");

        node.node.in("node", "sh -e " + script);

        assertThat(node.node.in("node", "ip rule").lines().filter(line -> line.matches("(102[23]|3200[0-3]):.*")))
                .hasSize(6)
                .allMatch(line -> line.contains("from 10.7.0.0/24 lookup 77"));
        assertThat(node.node.in("node", "ip rule")).contains("32765:", "1024:", "1536:", "512:");
    }

    private String way(String query) throws IOException, InterruptedException {
        return node.node.in("node", "ip route get " + query);
    }
}
