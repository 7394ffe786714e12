package io.vpceni.network;

import static io.vpceni.network.firewall.ForwardDrop.Fate.DROPPED;
import static io.vpceni.network.firewall.ForwardDrop.Fate.MAY_BE_DROPPED;
import static io.vpceni.network.firewall.ForwardDrop.Fate.PASSES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vpceni.network.firewall.ForwardDrop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Firewalls of the node that drop what is forwarded, as their owners make them. What is reported is held against
/// connections of pods.
@Tag("root")
@SuppressWarnings("NullAway.Init") // set before each test
class FirewallTest {

    private static final String FORWARD = "ip filter FORWARD";

    /// The forward side of what firewalld 1.3 makes with eth0 in its zone public, shortened.
    private static final String FIREWALLD = """
            table inet firewalld {
              chain filter_FORWARD {
                type filter hook forward priority filter + 10; policy accept;
                ct state established,related accept
                ct status dnat accept
                iifname "lo" accept
                ct state invalid drop
                jump filter_FORWARD_ZONES
                reject with icmpx admin-prohibited
              }
              chain filter_FORWARD_ZONES {
                %s
                iifname "eth0" goto filter_FWD_public
                goto filter_FWD_public
              }
              chain filter_FWD_trusted { accept; }
              chain filter_FWD_public {
                oifname "eth0" accept
                reject with icmpx admin-prohibited
              }
            }
            """;

    private DriftNode node;

    @BeforeEach
    void open() throws IOException, InterruptedException {
        node = DriftNode.open("fw");
        node.watch();
        var _ = node.awaitDrops(0);
    }

    @AfterEach
    void leaveNothing() throws IOException {
        node.close();
    }

    /// It comes while ipamd runs, and goes.
    @ParameterizedTest
    @ValueSource(strings = {"iptables-nft", "iptables-legacy"})
    void dockersPolicyIsHeardOfAndItsOwnersCommandMendsIt(String iptables) throws IOException, InterruptedException {
        assumeTrue(Files.exists(Path.of("/usr/sbin", iptables)), "needs the package iptables");
        node.assertPacketsFlow();
        for (String rule : List.of(
                "-N DOCKER-USER",
                "-N DOCKER",
                "-A FORWARD -j DOCKER-USER",
                "-A DOCKER-USER -j RETURN",
                "-A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
                "-A FORWARD -o docker0 -j DOCKER",
                "-A DOCKER -d 172.17.0.2 -i docker0 -j ACCEPT",
                "-A FORWARD -i docker0 ! -o docker0 -j ACCEPT",
                "-A FORWARD -m mark --mark 0x4000/0x4000 -j ACCEPT",
                "-P FORWARD DROP")) {
            node.node.in("node", iptables + " -w " + rule);
        }

        ForwardDrop drop = awaitTheDrop();

        assertThatThrownBy(node::assertPacketsFlow).isInstanceOf(IOException.class);
        assertThat(drop.fromPods()).isEqualTo(DROPPED);
        assertThat(drop.toPods()).isEqualTo(DROPPED);
        assertThat(drop.byPolicy()).isTrue();
        assertThat(drop.command()).contains("\"ip-forward-no-drop\": true");
        String command = drop.command().substring(0, drop.command().indexOf(';'));
        assertThat(command).endsWith(" -P FORWARD ACCEPT");
        node.node.in("node", command.replace("iptables ", "iptables-nft "));
        node.changeARule(); // the legacy back end tells nobody that it changes
        var _ = node.awaitDrops(0);
        node.assertPacketsFlow();
    }

    @Test
    void anAcceptOfOneWayIsNoneOfTheOther() throws IOException, InterruptedException {
        table("chain forward { type filter hook forward priority 0; policy drop;"
                + " ct state established,related accept; iifname \"eni*\" accept; }");

        ForwardDrop drop = awaitTheDrop();

        node.assertPacketsFlow(); // what pods begin
        assertThat(drop.fromPods()).isEqualTo(PASSES);
        assertThat(drop.toPods()).isEqualTo(DROPPED);
        assertThat(drop.chain()).isEqualTo("inet filter forward");
        node.node.in("node", drop.command().substring(0, drop.command().indexOf("; and the same")));
        var _ = node.awaitDrops(0);
    }

    @Test
    void aChainThatAcceptsByWhatIsNotReadMayDrop() throws IOException, InterruptedException {
        table("chain forward { type filter hook forward priority 0; policy drop;"
                + " ip saddr 10.0.0.0/16 accept; ip daddr 10.0.0.0/16 accept; }");

        ForwardDrop drop = awaitTheDrop();

        node.assertPacketsFlow();
        assertThat(drop.fromPods()).isEqualTo(MAY_BE_DROPPED);
        assertThat(drop.isCertain()).isFalse();
        assertThat(drop.text()).contains("may drop what pods send and what is sent to them");
    }

    /// As RHEL's iptables-services end their chain.
    @Test
    void aRuleThatRejectsTheRestIsSaidWithTheCommandThatComesBeforeIt() throws IOException, InterruptedException {
        assumeTrue(Files.exists(Path.of("/usr/sbin/iptables-nft")), "needs the package iptables");
        node.node.in("node", "iptables-nft -A FORWARD -j REJECT --reject-with icmp-host-prohibited");

        ForwardDrop drop = awaitTheDrop();

        assertThatThrownBy(node::assertPacketsFlow).isInstanceOf(IOException.class);
        assertThat(drop.chain()).isEqualTo(FORWARD);
        assertThat(drop.byPolicy()).isFalse();
        String command = drop.command().substring(0, drop.command().indexOf("; and so that they last"));
        node.node.in("node", command.replace("iptables ", "iptables-nft "));
        var _ = node.awaitDrops(0);
        node.assertPacketsFlow();
    }

    @Test
    void firewalldsZoneOfTheEniLetsPodsOutAndNobodyIn() throws IOException, InterruptedException {
        node.node.in("node", load(FIREWALLD.formatted("")));

        ForwardDrop drop = awaitTheDrop();

        assertThat(drop.fromPods()).isEqualTo(PASSES);
        assertThat(drop.toPods()).isEqualTo(DROPPED);
        assertThat(drop.command())
                .contains("--zone=pods --add-interface=eni+ ", "--policy=to-pods --add-egress-zone=pods ");
        node.node.in("node", "nft delete table inet firewalld");
        var _ = node.awaitDrops(0);
        node.node.in(
                "node",
                load(FIREWALLD.formatted("ip saddr 10.0.0.0/16 goto filter_FWD_trusted;"
                        + " iifname \"eni*\" goto filter_FWD_trusted")));
        assertThat(awaitTheDrop().isCertain()).isFalse(); // whether all who send to pods are in that block is not known
        node.node.in("node", "nft delete table inet firewalld");
        var _ = node.awaitDrops(0);
        node.node.in(
                "node",
                load(FIREWALLD.formatted("oifname \"eni*\" iifname \"eth0\" jump filter_FWD_trusted;"
                        + " iifname \"eni*\" goto filter_FWD_trusted"))); // what the command makes
        node.firewall.clear();
        node.changeARule();
        var _ = node.awaitDrops(0);
        node.assertPacketsFlow();
    }

    @Test
    void ufwsChainsNameTheirOwnCommand() throws IOException, InterruptedException {
        assumeTrue(Files.exists(Path.of("/usr/sbin/iptables-nft")), "needs the package iptables");
        for (String rule : List.of(
                "-N ufw-before-forward",
                "-A FORWARD -j ufw-before-forward",
                "-A ufw-before-forward -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
                "-P FORWARD DROP")) {
            node.node.in("node", "iptables-nft -w " + rule);
        }

        ForwardDrop drop = awaitTheDrop();

        assertThat(drop.isCertain()).isTrue();
        assertThat(drop.command()).isEqualTo("ufw default allow routed");
    }

    private ForwardDrop awaitTheDrop() throws IOException, InterruptedException {
        node.changeARule();
        return node.awaitDrops(1).getFirst();
    }

    private void table(String chains) throws IOException, InterruptedException {
        node.node.in("node", load("table inet filter {\n" + chains + "\n}"));
    }

    private static String load(String rules) {
        return "echo \"" + rules.replace("\"", "\\\"") + "\" | nft -f -";
    }
}
