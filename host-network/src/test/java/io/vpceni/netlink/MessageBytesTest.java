package io.vpceni.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.Cidr;
import io.vpceni.config.MacAddress;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Our messages are iproute2's, byte for byte.
///
/// Captured on x86-64 with iproute2 6.1.0 and strace, in a namespace of its own (`unshare -n`) with one veth pair,
/// whose end `aa` has index 3: `strace -e trace=sendmsg -e write=all ip <the command above each test's bytes>`.
/// Each text is type and flags of the header, then what follows the header. Where `ip link set` writes RTM_NEWLINK
/// (0x10) and we write RTM_SETLINK (0x13), only the rest is compared.
class MessageBytesTest {

    private static final InetAddress POD = InetAddress.ofLiteral("10.0.0.9");
    private static final InetAddress GATEWAY = InetAddress.ofLiteral("169.254.1.1");

    /// FRA_PROTOCOL (21), one byte, RTPROT_KERNEL, padded.
    private static final String KERNEL = "0500150002000000";

    @Test
    void addAddress() { // ip addr add 10.0.0.9/24 dev aa noprefixroute
        assertThat(hex(Addresses.add(new Address(3, POD, 24, 0, true))))
                .isEqualTo("14000506" + "0218000003000000080002000a0000090800080000020000080001000a000009");
    }

    @Test
    void replaceRouteOnLink() { // ip route replace 169.254.1.1/32 dev aa scope link
        assertThat(hex(Routes.replace(Route.onLink(Cidr.parse("169.254.1.1/32"), 3, Route.TABLE_MAIN))))
                .isEqualTo("18000505" + "02200000fe03fd010000000008000100a9fe01010800040003000000");
    }

    @Test
    void replaceRouteByGateway() { // ip route replace default via 169.254.1.1 dev aa
        assertThat(hex(Routes.replace(Route.defaultVia(GATEWAY, 3, Route.TABLE_MAIN))))
                .isEqualTo("18000505" + "02000000fe0300010000000008000500a9fe01010800040003000000");
    }

    @Test
    void replaceRouteInALargeTable() { // ip route replace 169.254.1.1/32 dev aa scope link table 10103
        assertThat(hex(Routes.replace(Route.onLink(Cidr.parse("169.254.1.1/32"), 3, 10103))))
                .isEqualTo("18000505" + "022000000003fd010000000008000100a9fe010108000f00772700000800040003000000");
    }

    @Test
    void appendRoute() { // ip route append 169.254.1.1/32 dev aa scope link
        assertThat(hex(Routes.append(Route.onLink(Cidr.parse("169.254.1.1/32"), 3, Route.TABLE_MAIN))))
                .isEqualTo("1800050c" + "02200000fe03fd010000000008000100a9fe01010800040003000000");
    }

    @Test
    void prependRoute() { // ip route prepend 169.254.1.1/32 dev aa scope link
        assertThat(hex(Routes.prepend(Route.onLink(Cidr.parse("169.254.1.1/32"), 3, Route.TABLE_MAIN))))
                .isEqualTo("18000504" + "02200000fe03fd010000000008000100a9fe01010800040003000000");
    }

    @Test
    void deleteRoute() { // ip route del 169.254.1.1/32 dev aa
        assertThat(hex(Routes.delete(Route.onLink(Cidr.parse("169.254.1.1/32"), 3, Route.TABLE_MAIN))))
                .isEqualTo("19000500" + "02200000fe00ff000000000008000100a9fe01010800040003000000");
    }

    @Test
    void addRuleTo() { // ip rule add to 10.0.0.9 lookup main priority 512 protocol kernel
        assertThat(hex(Rules.add(Rule.to(POD, 254, 512))))
                .isEqualTo("20000506" + "02200000fe00000100000000080001000a0000090800060000020000" + KERNEL);
    }

    @Test
    void addRuleMarked() { // ip rule add fwmark 0x80/0x80 lookup main priority 1024 protocol kernel
        assertThat(hex(Rules.add(Rule.marked(0x80, 254, 1024))))
                .isEqualTo("20000506" + "02000000fe0000010000000008000a008000000008001000800000000800060000040000"
                        + KERNEL);
    }

    @Test
    void addRulePastSomeRoutes() { // ip rule add fwmark 0x80/0x80 lookup main suppress_prefixlength 0 ... priority 1022
        Rule rule = Rule.marked(0x80, 1, 1023).past(new Rule.Past(7), 254, 1022);

        assertThat(hex(Rules.add(rule)))
                .isEqualTo("20000506" + "02000000fe0000010000000008000a008000000008001000800000"
                        + "0008000d000700000008000e000000000008000600fe030000" + KERNEL);
        assertThat(Rule.decode(body(Rules.add(rule)))).contains(rule);
    }

    @Test
    void addRuleForLocalPackets() { // ip rule add from 10.0.0.0/24 iif lo goto 32003 priority 32000 protocol kernel
        Rule rule = Rule.gotoIfLocal(Cidr.parse("10.0.0.0/24"), 32003, 32000);

        assertThat(hex(Rules.add(rule)))
                .isEqualTo("20000506" + "020018000000000200000000" + "080002000a000000" + "070003006c6f0000"
                        + "08000400037d0000" + "08000600007d0000" + KERNEL);
        assertThat(Rule.decode(body(Rules.add(rule)))).contains(rule);
        assertThat(Rule.decode(body(Rules.delete(rule)))).contains(rule);
    }

    @Test
    void addRuleThatDoesNothing() { // ip rule add nop priority 32003 protocol kernel
        Rule rule = Rule.nop(32003);

        assertThat(hex(Rules.add(rule)))
                .isEqualTo("20000506" + "020000000000000300000000" + "08000600037d0000" + KERNEL);
        assertThat(Rule.decode(body(Rules.add(rule)))).contains(rule);
    }

    @Test
    void addRuleFromWithALargeTable() { // ip rule add from 10.0.0.9 lookup 10103 priority 1536 protocol kernel
        assertThat(hex(Rules.add(Rule.from(POD, 10103, 1536))))
                .isEqualTo("20000506" + "020020000000000100000000080002000a00000908000f00772700000800060000060000"
                        + KERNEL);
    }

    @Test
    void deleteRule() { // ip rule del from 10.0.0.9 lookup 2 priority 1536
        assertThat(hex(Rules.delete(Rule.from(POD, 2, 1536))))
                .isEqualTo("21000500" + "020020000200000000000000080002000a0000090800060000060000");
    }

    @Test
    void replaceNeighbour() { // ip neigh replace 169.254.1.1 lladdr 02:11:22:33:44:55 dev aa nud permanent
        assertThat(hex(Neighbours.replacePermanent(GATEWAY, MacAddress.parse("02:11:22:33:44:55"), 3)))
                .isEqualTo("1c000505" + "02000000030000008000000008000100a9fe01010a0002000211223344550000");
    }

    /// `ip ntable change name arp_cache dev aa` has no word for proxy_delay: by hand from `linux/neighbour.h`,
    /// NDTA_NAME (1)
    /// "arp_cache", NDTA_PARMS (6) { NDTPA_IFINDEX (1) = 3, NDTPA_PROXY_DELAY (13) = 0 }.
    @Test
    void proxyWithoutDelay() {
        assertThat(hex(Neighbours.proxyWithoutDelay(3)))
                .isEqualTo("43000500" + "02000000" + "0e0001006172705f636163686500" + "0000" + "18000600"
                        + "0800010003000000" + "0c000d000000000000000000");
    }

    /// ip link add eniab mtu 1400 numtxqueues 1 numrxqueues 1 address 02:11:22:33:44:55 group 7 up
    ///   type veth peer name eth0 mtu 1400 numtxqueues 1 numrxqueues 1 address 02:11:22:33:44:66 netns vpl-capture
    /// (its descriptor was 4)
    @Test
    void addVethWithThePeerInItsNamespace() {
        assertThat(hex(Links.addVeth(
                        new Links.VethEnd("eniab", MacAddress.parse("02:11:22:33:44:55"), 1400),
                        new Links.VethEnd("eth0", MacAddress.parse("02:11:22:33:44:66"), 1400),
                        4,
                        7)))
                .isEqualTo("10000506" + "00000000000000000100000001000000" + "0800040078050000"
                        + "08001f0001000000" + "0800200001000000"
                        + "0a0001000211223344550000" + "08001b0007000000"
                        + "0a000300656e6961620000005c0012000800010076657468"
                        + "500002004c000100000000000000000000000000000000000800040078050000"
                        + "08001f00010000000800200001000000"
                        + "0a000100021122334466000008001c0004000000090003006574683000000000");
    }

    @Test
    void setGroup() { // ip link set dev aa group 7
        assertThat(hex(Links.setGroup(3, 7)).substring(8))
                .isEqualTo("0000000003000000000000000000000008001b0007000000");
    }

    @Test
    void addAltName() { // ip link property add dev aa altname eni0123456789a
        assertThat(hex(Links.addAltName(3, "eni0123456789a")))
                .isEqualTo("6c00050e" + "00000000030000000000000000000000" + "18003480"
                        + "13003500656e69303132333435363738396100" + "00");
    }

    @Test
    void setMac() { // ip link set dev aa address 02:11:22:33:44:55
        assertThat(hex(Links.setMac(3, MacAddress.parse("02:11:22:33:44:55"))).substring(8))
                .isEqualTo("00000000030000000000000000000000" + "0a000100021122334455" + "0000");
    }

    @Test
    void setOneSetting() { // as setUpWithSettings
        assertThat(hex(Links.set(3, Map.of(Links.Ipv4Setting.FORWARDING, 1))).substring(8))
                .isEqualTo(
                        "00000000030000000000000000000000" + "14001a00" + "10000200" + "0c000100" + "0800010001000000");
    }

    @Test
    void deleteLink() { // ip link del dev aa
        assertThat(hex(Links.delete(3))).isEqualTo("11000500" + "00000000030000000000000000000000");
    }

    @Test
    void deleteGroup() { // ip link del group 7
        assertThat(hex(Links.deleteGroup(7)))
                .isEqualTo("11000500" + "0000000000000000000000000000000008001b0007000000");
    }

    /// iproute2 has no word for `IFLA_INET_CONF`: after `ip link set dev aa mtu 1400 up` come, by hand from
    /// `linux/if_link.h`, AF_SPEC (26) { AF_INET (2) { INET_CONF (1) { FORWARDING (1) = 1, RP_FILTER (8) = 2 } } }.
    @Test
    void setUpWithSettings() {
        Map<Links.Ipv4Setting, Integer> settings =
                Map.of(Links.Ipv4Setting.RP_FILTER, 2, Links.Ipv4Setting.FORWARDING, 1);

        assertThat(hex(Links.setUp(3, 1400, settings)).substring(8))
                .isEqualTo("000000000300000001000000010000000800040078050000" + "1c001a00" + "18000200" + "14000100"
                        + "0800010001000000" + "0800080002000000");
    }

    private static final SetElements.SetName SOURCES =
            new SetElements.SetName(new SetElements.TableName(SetElements.Family.IP, "vpc-eni-pods"), "sources");

    /// nft delete element ip vpc-eni-pods sources { 15 . 10.0.0.11 }, captured with nftables 1.0.6.
    @Test
    void deleteElement() {
        assertThat(hex(SetElements.delete(SOURCES, SetElements.key(15, InetAddress.ofLiteral("10.0.0.11")))))
                .isEqualTo("0e0a0500" + "02000000" + "110001007670632d656e692d706f647300000000"
                        + "0c000200736f757263657300"
                        + "18000380" + "14000180" + "10000180" + "0c0001000f0000000a00000b");
    }

    /// nft add element .. Between the set's name and the elements nft also writes the set's number in its
    /// transaction (08000400 00000001); it may be left out where the set is there already.
    @Test
    void addElement() {
        assertThat(hex(SetElements.add(SOURCES, SetElements.key(15, InetAddress.ofLiteral("10.0.0.11")))))
                .isEqualTo("0c0a0504" + "02000000" + "110001007670632d656e692d706f647300000000"
                        + "0c000200736f757263657300"
                        + "18000380" + "14000180" + "10000180" + "0c0001000f0000000a00000b");
    }

    @Test
    void theBoundsOfATransaction() {
        assertThat(hex(SetElements.batchBegin()).substring(0, 4)
                        + hex(SetElements.batchBegin()).substring(8))
                .isEqualTo("1000" + "0000000a");
        assertThat(hex(SetElements.batchEnd()).substring(0, 4)
                        + hex(SetElements.batchEnd()).substring(8))
                .isEqualTo("1100" + "0000000a");
    }

    /// From `nft list set`, the kernel's answer for two elements of `{ type iface_index; flags dynamic; }` with
    /// counters.
    @Test
    void countedElementsAreRead() {
        byte[] bytes = HexFormat.of()
                .parseHex("0200002d" + "110001007670632d656e692d706f647300000000" + "0c000200736f757263657300"
                        + "7c000300"
                        + "3c000100" + "0c0001000800010010000000" + "2c0007000c000100636f756e74657200"
                        + "1c0002000c000100000000000000001c0c0002000000000000000001"
                        + "3c000100" + "0c000100080001000f000000" + "2c0007000c000100636f756e74657200"
                        + "1c0002000c00010000000000000000540c0002000000000000000003");

        assertThat(SetElements.decode(ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder())))
                .containsExactly(new SetElements.Counted(16, 1), new SetElements.Counted(15, 3));
    }

    @Test
    void whatIsEncodedIsDecodedToTheSame() {
        Route route = new Route(Cidr.parse("10.1.0.0/16"), Optional.of(GATEWAY), 7, 10103, 0);
        Rule rule = Rule.from(POD, 10103, 1536);
        Address address = new Address(3, POD, 24, 0, true);

        assertThat(Route.decode(body(Routes.replace(route)))).isEqualTo(route);
        assertThat(Rule.decode(body(Rules.add(rule)))).contains(rule);
        assertThat(Address.decode(body(Addresses.add(address)))).isEqualTo(address);
    }

    /// From `ip rule add from 10.0.0.9 iif lo lookup 2 priority 1536`, and its like with `not`, `tos 8`,
    /// `fwmark 0x80`, `suppress_prefixlength 8` and `prohibit`.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "020020000200000100000000080002000a0000090800060000060000070003006c6f0000",
                "020020000200000102000000080002000a0000090800060000060000",
                "020020080200000100000000080002000a0000090800060000060000",
                "020020000200000100000000080002000a000009080006000006000008000a008000000008001000ffffffff",
                "020020000200000100000000080002000a000009080006000006000008000e0008000000",
                "020020000000000800000000080002000a0000090800060000060000"
            })
    void aRuleThatMatchesOrDoesMoreThanOursIsNotTakenForOne(String body) {
        byte[] bytes = HexFormat.of().parseHex(body);

        assertThat(Rule.decode(ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder())))
                .isEmpty();
    }

    private static ByteBuffer body(NetlinkRequest request) {
        return ByteBuffer.wrap(request.body()).order(ByteOrder.nativeOrder());
    }

    private static String hex(NetlinkRequest request) {
        ByteBuffer header = ByteBuffer.allocate(4)
                .order(ByteOrder.nativeOrder())
                .putShort((short) request.type())
                .putShort((short) (request.flags() | NetlinkRequest.NLM_F_REQUEST | NetlinkRequest.NLM_F_ACK));
        return HexFormat.of().formatHex(header.array()) + HexFormat.of().formatHex(request.body());
    }
}
