package io.vpceni.network;

import static io.vpceni.network.drift.DriftKind.ENI_ADDRESS;
import static io.vpceni.network.drift.DriftKind.ENI_LINK;
import static io.vpceni.network.drift.DriftKind.ENI_MTU;
import static io.vpceni.network.drift.DriftKind.ENI_ROUTE;
import static io.vpceni.network.drift.DriftKind.ENI_SETTINGS;
import static io.vpceni.network.drift.DriftKind.NFT_TABLE;
import static io.vpceni.network.drift.DriftKind.POD_ADDRESS_ON_NODE;
import static io.vpceni.network.drift.DriftKind.POD_LINK;
import static io.vpceni.network.drift.DriftKind.POD_ROUTE;
import static io.vpceni.network.drift.DriftKind.POD_SETTINGS;
import static io.vpceni.network.drift.DriftKind.RULE_FROM_ENI;
import static io.vpceni.network.drift.DriftKind.RULE_FROM_POD;
import static io.vpceni.network.drift.DriftKind.RULE_MARK;
import static io.vpceni.network.drift.DriftKind.RULE_PROTOCOL;
import static io.vpceni.network.drift.DriftKind.RULE_TO_POD;
import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.network.drift.DriftKind;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The rows of docs/drift.md: whatever is broken by hand is put right, and packets flow again.
@Tag("root")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before the first test
class DriftRepairTest {

    private DriftNode node;

    @BeforeAll
    void open() throws IOException, InterruptedException {
        node = DriftNode.open("dr");
        node.watch();
        node.assertPacketsFlow();
    }

    @AfterAll
    void leaveNothing() throws IOException {
        node.close();
    }

    /// In each command `LINK` is the host end of the pod on the secondary ENI.
    static Stream<Arguments> breakages() {
        return Stream.of(
                row(DriftNode.FLUSH_RULES, RULE_TO_POD, RULE_FROM_POD, RULE_FROM_ENI, RULE_MARK),
                row("ip rule del to 10.0.1.21 priority 512", RULE_TO_POD),
                row("ip rule del from 10.0.1.21 priority 1536", RULE_FROM_POD),
                row(
                        "ip rule del from 10.0.1.21 priority 1536; ip rule add from 10.0.1.21 lookup 99 priority 1536",
                        RULE_FROM_POD),
                row("ip rule add from 10.0.0.21 lookup 2 priority 1536", RULE_FROM_POD),
                row("ip rule del from 10.0.1.10 priority 32765", RULE_FROM_ENI),
                row("ip rule del priority 1024", RULE_MARK),
                row("ip rule del priority 1022", RULE_MARK),
                row("ip rule del priority 1023", RULE_MARK),
                row("ip rule del priority 32000", RULE_FROM_ENI),
                row("ip rule del priority 32001", RULE_FROM_ENI),
                row("ip rule del priority 32002", RULE_FROM_ENI),
                row("ip rule del priority 32003", RULE_FROM_ENI),
                row("ip route flush table 1", ENI_ROUTE),
                row(
                        "ip rule add to 10.0.1.21 lookup main priority 512; ip rule del to 10.0.1.21 priority 512 protocol kernel",
                        RULE_PROTOCOL),
                row("ip route del 10.0.1.21", POD_ROUTE),
                row("ip route replace 10.0.1.21 dev eth0", POD_ROUTE),
                row("ip route replace blackhole 10.0.1.21", POD_ROUTE),
                row("ip link set LINK down", POD_LINK, POD_ROUTE),
                row("ip link set LINK down; ip link set LINK up", POD_ROUTE),
                row("ip link set LINK address 02:00:00:00:99:99", POD_LINK),
                row("ip link set LINK alias somebody", POD_LINK),
                row("ip link set LINK group 9", POD_LINK),
                row("ip link set LINK mtu 600", POD_LINK),
                row("ip link set LINK mtu 9500", POD_LINK),
                row("ip link set LINK mtu 68", POD_LINK),
                row("echo 0 > /proc/sys/net/ipv4/conf/LINK/forwarding", POD_SETTINGS),
                row("echo 0 > /proc/sys/net/ipv4/conf/LINK/proxy_arp", POD_SETTINGS),
                row("echo 0 > /proc/sys/net/ipv4/ip_forward", POD_SETTINGS, ENI_SETTINGS),
                row("ip link set eth1 down", ENI_LINK, ENI_ROUTE),
                row("ip link set eth1 down; ip link set eth1 up", ENI_ROUTE),
                row("ip link set eth1 address 02:00:00:00:99:98", ENI_LINK),
                row("ip link set eth1 group 9", ENI_LINK),
                row("ip link set eth1 mtu 1300", ENI_MTU),
                row("ip link set eth0 mtu 1300", ENI_MTU),
                row("echo 1 > /proc/sys/net/ipv4/conf/eth1/rp_filter", ENI_SETTINGS),
                row("echo 1 > /proc/sys/net/ipv4/conf/eth0/rp_filter", ENI_SETTINGS),
                row("ip addr del 10.0.1.10/24 dev eth1", ENI_ADDRESS, ENI_ROUTE),
                row("ip addr flush dev eth1", ENI_ADDRESS, ENI_ROUTE),
                row("ip addr add 10.0.1.21/32 dev eth1", POD_ADDRESS_ON_NODE),
                row("ip addr add 10.0.0.21/32 dev eth0", POD_ADDRESS_ON_NODE),
                row("ip route flush table 2", ENI_ROUTE),
                row("ip route replace default dev eth1 table 2", ENI_ROUTE),
                row("nft delete table ip vpc-eni", NFT_TABLE),
                row("nft flush table ip vpc-eni", NFT_TABLE),
                row("nft delete element ip vpc-eni vpc { 10.0.0.0/16 }", NFT_TABLE),
                row("nft add rule ip vpc-eni leave counter drop", NFT_TABLE),
                row("nft delete table arp vpc-eni-pods", NFT_TABLE),
                row("nft flush chain ip6 vpc-eni-pods drop-router", NFT_TABLE),
                row("nft flush set ip vpc-eni-pods sources", NFT_TABLE),
                row("nft flush ruleset; nft add table ip somebody", NFT_TABLE));
    }

    private static Arguments row(String command, DriftKind first, DriftKind... more) {
        return Arguments.of(command, EnumSet.of(first, more));
    }

    /// What somebody else put there (see [DriftNode#open]) is part of the state, and stays as it is.
    @ParameterizedTest(name = "{0} -> {1}")
    @MethodSource("breakages")
    void whatIsBrokenByHandIsPutRight(String command, Set<DriftKind> kinds) throws IOException, InterruptedException {
        List<String> before = node.state();
        node.heard.clear();

        node.node.in("node", command.replace("LINK", node.podLink));
        node.awaitRepaired(kinds);

        assertThat(node.state()).isEqualTo(before);
        node.assertPacketsFlow();
    }
}
