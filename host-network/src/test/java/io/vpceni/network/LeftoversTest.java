package io.vpceni.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What other CNI plugins left, built as they build it.
///
/// The nft text is what `nft list ruleset` showed of the rules that iptables-nft 1.8.9 made of the commands in
/// [#IPTABLES], which are the AWS VPC CNI's. It shows their comments not at all, for iptables keeps them in an
/// extension of its own; nft's own comments stand in for them. Where iptables is installed it makes the rules
/// itself.
@Tag("root")
@SuppressWarnings("NullAway.Init") // set before each test
class LeftoversTest {

    private static final String NFT = """
            table ip nat {
              chain AWS-SNAT-CHAIN-0 {
                ip daddr 10.0.0.0/16 counter return comment "AWS SNAT CHAIN"
                oifname != "vlan*" fib daddr type != local counter snat to 10.0.0.10 fully-random comment "AWS, SNAT"
              }
              chain AWS-CONNMARK-CHAIN-0 {
                ip daddr 10.0.0.0/16 counter return comment "AWS CONNMARK CHAIN"
                counter ct mark set ct mark or 0x80
              }
              chain POSTROUTING {
                type nat hook postrouting priority srcnat; policy accept;
                counter jump AWS-SNAT-CHAIN-0 comment "AWS SNAT CHAIN"
                ip saddr 10.9.0.0/16 counter masquerade comment "not AWS, primary ENI"
              }
              chain PREROUTING {
                type nat hook prerouting priority dstnat; policy accept;
                iifname "eni*" counter jump AWS-CONNMARK-CHAIN-0 comment "AWS, outbound connections"
                counter meta mark set ct mark and 0x80 comment "AWS, CONNMARK"
              }
            }
            table ip mangle {
              chain PREROUTING {
                type filter hook prerouting priority mangle; policy accept;
                iifname "eth0" fib daddr . iif type local counter ct mark set ct mark or 0x80 comment "AWS, primary ENI"
                iifname "eni*" counter meta mark set ct mark and 0x80 comment "AWS, primary ENI"
                iifname "vlan*" counter meta mark set ct mark and 0x80
              }
            }
            table ip aws-cni {
              chain nat-prerouting {
                type nat hook prerouting priority -90; policy accept;
                fib daddr type local return
                iifname "eni*" counter jump snat-mark
                counter meta mark set ct mark and 0x80
              }
              chain snat-mark {
                counter ct mark set ct mark or 0x80
              }
            }
            """;

    private static final List<String> IPTABLES = List.of(
            "-t nat -N AWS-SNAT-CHAIN-0",
            "-t nat -A POSTROUTING -m comment --comment \"AWS SNAT CHAIN\" -j AWS-SNAT-CHAIN-0",
            "-t nat -A AWS-SNAT-CHAIN-0 -d 10.0.0.0/16 -m comment --comment \"AWS SNAT CHAIN\" -j RETURN",
            "-t nat -A AWS-SNAT-CHAIN-0 ! -o vlan+ -m comment --comment \"AWS, SNAT\" -m addrtype ! --dst-type LOCAL"
                    + " -j SNAT --to-source 10.0.0.10 --random-fully",
            "-t nat -N AWS-CONNMARK-CHAIN-0",
            "-t nat -A PREROUTING -i eni+ -m comment --comment \"AWS, outbound connections\" -j AWS-CONNMARK-CHAIN-0",
            "-t nat -A PREROUTING -m comment --comment \"AWS, CONNMARK\" -j CONNMARK --restore-mark --mask 0x80",
            "-t mangle -A PREROUTING -i eth0 -m comment --comment \"AWS, primary ENI\" -m addrtype --dst-type LOCAL"
                    + " --limit-iface-in -j CONNMARK --set-mark 0x80/0x80",
            "-t mangle -A PREROUTING -i eni+ -m comment --comment \"AWS, primary ENI\" -j CONNMARK --restore-mark"
                    + " --mask 0x80",
            "-t mangle -A PREROUTING -i tun0 -m comment --comment \"not AWS, primary ENI\" -j CONNMARK --restore-mark");

    private TestNode node;
    private HostNetwork network;

    @BeforeEach
    void open() throws IOException, InterruptedException {
        node = TestNode.open("lo");
        network = node.network(TestNode.settings());
    }

    @AfterEach
    void leaveNothing() throws IOException {
        node.close();
    }

    @Test
    void aCleanNodeHasNone() throws IOException, InterruptedException {
        node.setUpEnis(network);
        node.namespace("a");
        var _ = node.wire(network, "a", "10.0.1.21", 0, 1);

        assertThat(network.leftovers()).isEmpty();
        assertThat(network.removeAwsRules()).isFalse();
    }

    @Test
    void awsRulesAreNamedAndGoWithoutAnybodyElses() throws IOException, InterruptedException {
        nft(NFT);

        List<Leftover> found = network.leftovers();
        assertThat(found).extracting(Leftover::kind).containsExactly(Leftover.Kind.AWS_RULES);
        assertThat(found.getFirst().object())
                .contains(
                        "chain ip nat AWS-SNAT-CHAIN-0",
                        "chain ip nat AWS-CONNMARK-CHAIN-0",
                        "rules in chain ip mangle PREROUTING",
                        "table ip aws-cni");

        assertThat(network.removeAwsRules()).isTrue();

        assertThat(network.leftovers()).isEmpty();
        String left = node.in("node", "nft list ruleset");
        assertThat(left)
                .doesNotContain("AWS-", "\"AWS", "aws-cni")
                .contains("not AWS, primary ENI", "iifname \"vlan*\"", "chain PREROUTING", "table ip mangle");
    }

    @Test
    void theCommandThatIsToldTakesAwsRulesAway() throws IOException, InterruptedException {
        assumeTrue(Files.exists(Path.of("/usr/sbin/iptables-nft")), "needs the package iptables");
        for (String rule : IPTABLES) {
            node.in("node", "iptables-nft " + rule);
        }
        String command = network.leftovers().getFirst().command();
        assertThat(command).doesNotContain("aws-cni");

        node.in("node", command.substring(command.indexOf("iptables-nft-save")));

        assertThat(network.leftovers()).isEmpty();
    }

    @Test
    void awsRulesThatIptablesMadeAreKnownByTheirComments() throws IOException, InterruptedException {
        assumeTrue(Files.exists(Path.of("/usr/sbin/iptables-nft")), "needs the package iptables");
        for (String rule : IPTABLES) {
            node.in("node", "iptables-nft -w " + rule);
        }
        assertThat(network.leftovers()).extracting(Leftover::kind).containsExactly(Leftover.Kind.AWS_RULES);

        assertThat(network.removeAwsRules()).isTrue();

        assertThat(network.leftovers()).isEmpty();
        assertThat(node.in("node", "iptables-nft-save"))
                .doesNotContain("AWS-", "\"AWS")
                .contains("not AWS, primary ENI");
    }

    @Test
    void rulesOfTheLegacyBackEndAreNamedAndStay() throws IOException, InterruptedException {
        assumeTrue(Files.exists(Path.of("/usr/sbin/iptables-legacy")), "needs the package iptables");
        node.in("node", "iptables-legacy -w -t nat -A POSTROUTING -m comment --comment other -j ACCEPT");
        assertThat(network.leftovers())
                .as("a table, but nothing of AWS's in it")
                .isEmpty();
        for (String rule : IPTABLES) {
            node.in("node", "iptables-legacy -w " + rule);
        }

        List<Leftover> found = network.leftovers();

        assertThat(found).extracting(Leftover::kind).containsExactly(Leftover.Kind.AWS_LEGACY_RULES);
        assertThat(found.getFirst().object()).contains("nat", "mangle");
        assertThat(network.removeAwsRules()).isFalse();
        assertThat(node.in("node", "iptables-legacy-save")).contains("AWS-SNAT-CHAIN-0");
    }

    @Test
    void filtersOfAPolicyAgentOnAdoptedLinksAreNamed() throws IOException, InterruptedException {
        node.in(
                "node",
                "ip link add eni0123456789a type veth peer name other0; tc qdisc add dev eni0123456789a clsact; "
                        + "tc filter add dev eni0123456789a egress bpf bytecode \"1,6 0 0 4294967295\"; "
                        + "ip link add enibandwidth type veth peer name other1; tc qdisc add dev enibandwidth clsact");

        List<Leftover> found = network.leftovers();

        assertThat(found).extracting(Leftover::kind).containsExactly(Leftover.Kind.POLICY_FILTERS);
        assertThat(found.getFirst().object()).contains("eni0123456789a").doesNotContain("enibandwidth");
        assertThat(found.getFirst().command()).contains("tc qdisc del dev eni0123456789a clsact");
    }

    @Test
    void podsWithSecurityGroupsAreNamed() throws IOException, InterruptedException {
        node.in("node", "ip rule add priority 10 iif eth0 lookup 101");
        assertThat(network.leftovers()).as("a rule of priority 10 alone").isEmpty();
        node.in("node", "ip link add vlan.eth.1 type veth peer name trunk0");

        List<Leftover> found = network.leftovers();

        assertThat(found).extracting(Leftover::kind).containsExactly(Leftover.Kind.BRANCH_ENIS);
        assertThat(found.getFirst().object()).contains("vlan.eth.1", "rules of priority 10");
    }

    @Test
    void hostPortRulesOfAPortmapPluginAreNamed() throws IOException, InterruptedException {
        nft("table ip nat { chain CNI-HOSTPORT-DNAT { tcp dport 8080 dnat to 10.0.1.21:80; }; }");
        nft("table ip6 cni_hostport { chain hostports { }; }");

        List<Leftover> found = network.leftovers();

        assertThat(found).extracting(Leftover::kind).containsExactly(Leftover.Kind.HOST_PORTS);
        assertThat(found.getFirst().object()).contains("chain ip nat CNI-HOSTPORT-DNAT", "table ip6 cni_hostport");
    }

    private void nft(String text) throws IOException, InterruptedException {
        Path file = Files.createTempFile("leftovers", ".nft");
        try {
            Files.writeString(file, text);
            node.in("node", "nft -f " + file);
        } finally {
            Files.delete(file);
        }
    }
}
