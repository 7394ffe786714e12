package io.vpceni.lab.vpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.Cidr;
import io.vpceni.lab.backend.FabricEni;
import io.vpceni.lab.machine.Namespace;
import io.vpceni.lab.world.LabSubnet;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RouterPlanTest {
    private static final LabSubnet SUBNET = new LabSubnet("subnet-1", Cidr.parse("10.0.32.0/19"));
    private static final VpcNode NODE = new VpcNode("node-1", 1, "i-1", new Namespace("vpl-t-node-1"), 2);

    @Test
    void theImpliedRouterIsTheFirstHostOfTheSubnet() {
        assertThat(SUBNET.routerAddress()).isEqualTo(InetAddress.ofLiteral("10.0.32.1"));
        assertThat(new LabSubnet("s", Cidr.parse("10.0.255.0/24"))
                        .routerAddress()
                        .getHostAddress())
                .isEqualTo("10.0.255.1");
    }

    @Test
    void aLinkIsBornWithBothEndsWhereTheyBelong() {
        assertThat(RouterPlan.born(link(1, "10.0.32.4"))).isEqualTo("""
                        link add l7 mtu 9001 type veth peer name ens6 mtu 9001 address 02:00:00:00:00:01 netns vpl-t-node-1
                        link set l7 up
                        """);
    }

    @Test
    void anAddressThatMovedAwayIsLedNowhereAndOneThatCameIsLedHere() {
        FabricLink now = link(1, "10.0.32.4", "10.0.32.6");

        assertThat(RouterPlan.ledNoMore(now, List.of(address("10.0.32.5")))).isEqualTo("""
                        route del 10.0.32.5/32 dev l7
                        neigh del 10.0.32.5 dev l7
                        """);
        assertThat(RouterPlan.led(now, List.of(address("10.0.32.6")))).isEqualTo("""
                        route replace 10.0.32.6/32 dev l7
                        neigh replace 10.0.32.6 lladdr 02:00:00:00:00:01 nud permanent dev l7
                        """);
    }

    @Test
    void onlyTheFirstAddressOfAnEniIsPrimary() {
        String text = contents(link(1, "10.0.32.4", "10.0.32.5"));

        assertThat(text)
                .contains("add element inet vpc owned { \"l7\" . 10.0.32.4, \"l7\" . 10.0.32.5 }")
                .contains("add element inet vpc primary { 10.0.32.4 }")
                .contains("add element arp vpc answered { 10.0.32.4, 10.0.32.5, 169.254.169.254, 169.254.169.253,"
                        + " 169.254.169.123, 10.0.32.1 }");
    }

    @Test
    void theMetadataServiceIsLedToByLinkAndLeavesWithItsHopLimit() {
        assertThat(contents(link(1, "10.0.32.4")))
                .contains("add element inet vpc imds { \"l7\" : 169.254.169.254 . 8001 }")
                .contains("ip saddr 169.254.169.254 tcp sport 8001 ip ttl set 2");
    }

    @Test
    void withoutLinksNothingIsOwned() {
        String text = RouterPlan.contents(List.of(), List.of(Cidr.parse("10.0.0.0/16")), List.of(SUBNET), List.of());

        assertThat(text).contains("flush set inet vpc owned").doesNotContain("add element inet vpc owned");
    }

    @Test
    void countsAreReadByEniAndByReason() throws Exception {
        DropCounts counts = DropCounts.parse("""
                {"nftables": [{"metainfo": {}},
                  {"counter": {"family": "inet", "name": "spoofed_eni_0a", "table": "vpc", "packets": 3, "bytes": 9}},
                  {"counter": {"family": "inet", "name": "passed_eni_0a", "table": "vpc", "packets": 5, "bytes": 9}},
                  {"counter": {"family": "inet", "name": "unmapped_source", "table": "vpc", "packets": 2, "bytes": 9}}]}
                """);

        assertThat(counts.spoofed()).containsExactly(Map.entry("eni-0a", 3L));
        assertThat(counts.passed()).containsExactly(Map.entry("eni-0a", 5L));
        assertThat(counts.lostInAll()).isEqualTo(5);
    }

    private static String contents(FabricLink link) {
        return RouterPlan.contents(List.of(link), List.of(Cidr.parse("10.0.0.0/16")), List.of(SUBNET), List.of(NODE));
    }

    private static FabricLink link(int deviceIndex, String... addresses) {
        FabricEni eni = new FabricEni(
                "eni-0a",
                "02:00:00:00:00:01",
                SUBNET.id(),
                "i-1",
                0,
                deviceIndex,
                Stream.of(addresses).map(RouterPlanTest::address).toList());
        return new FabricLink(7, eni, SUBNET, NODE);
    }

    private static InetAddress address(String literal) {
        return InetAddress.ofLiteral(literal);
    }
}
