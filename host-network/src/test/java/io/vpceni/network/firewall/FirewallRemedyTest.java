package io.vpceni.network.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.netlink.FilterExpression;
import io.vpceni.netlink.ForwardChain;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What is told opens no more than it must, and lasts.
class FirewallRemedyTest {

    private static final Firewalls.Surroundings NODE = new Firewalls.Surroundings("pod", "eth0");

    private record Chain(Tool tool, String name, List<String> chainsBeside) implements ForwardChain {
        @Override
        public boolean dropsByPolicy() {
            return true;
        }

        @Override
        public List<List<FilterExpression>> rules() {
            return List.of();
        }

        @Override
        public List<List<FilterExpression>> rules(String chain) {
            return List.of();
        }
    }

    @Test
    void aPolicyOfOneWhoIsNotDockerStays() {
        String nft = told(ForwardChain.Tool.NFT, "ip filter FORWARD", "INPUT", "KUBE-FORWARD");
        String legacy = told(ForwardChain.Tool.IPTABLES_LEGACY, "filter FORWARD of iptables-legacy", "INPUT");

        assertThat(nft)
                .startsWith("iptables -I FORWARD -i pod+ -j ACCEPT; iptables -I FORWARD -o pod+ -j ACCEPT; and so that"
                        + " they last: ");
        assertThat(legacy).startsWith("iptables-legacy -I FORWARD -i pod+ -j ACCEPT; iptables-legacy -I FORWARD -o");
    }

    @Test
    void dockersPolicyIsChangedWhereDockerIs() {
        assertThat(told(ForwardChain.Tool.NFT, "ip filter FORWARD", "DOCKER-USER"))
                .startsWith("iptables -P FORWARD ACCEPT; and so that Docker ");
    }

    @Test
    void firewalldForwardsToPodsWithoutOpeningTheNodeToTheVpc() {
        assertThat(told(ForwardChain.Tool.NFT, "inet firewalld filter_FORWARD"))
                .contains("--zone=pods --add-interface=pod+ ", "--policy=to-pods --add-ingress-zone=ANY ")
                .doesNotContain("--add-source", "trusted");
    }

    private static String told(ForwardChain.Tool tool, String chain, String... beside) {
        return FirewallRemedy.of(new Chain(tool, chain, List.of(beside)), true, NODE);
    }
}
