package io.vpceni.network.firewall;

import io.vpceni.config.Cidr;
import io.vpceni.netlink.ForwardChain;
import java.util.List;
import java.util.stream.Collectors;

/// How whoever has made a chain lets packets of pods pass: with that program's own command, or its next reload would
/// take
/// the change away.
final class OwnersCommand {

    private static final String FIREWALLD = "inet firewalld ";
    private static final String IPTABLES_NFT = "ip filter FORWARD";

    private OwnersCommand() {}

    /// @param byPolicy whether it is the chain's policy that drops
    static String of(ForwardChain chain, boolean byPolicy, Firewalls.Surroundings node) {
        if (chain.name().startsWith(FIREWALLD)) {
            return firewalld(node);
        }
        boolean legacy = chain.tool() == ForwardChain.Tool.IPTABLES_LEGACY;
        if (!legacy && !chain.name().equals(IPTABLES_NFT)) {
            return nft(chain.name(), node.vethPrefix());
        }
        List<String> beside = chain.chainsBeside();
        if (beside.stream().anyMatch(name -> name.startsWith("ufw-"))) {
            return "ufw default allow routed";
        }
        String iptables = legacy ? "iptables-legacy" : "iptables";
        if (!byPolicy) {
            String pods = node.vethPrefix() + "+";
            return iptables + " -I FORWARD -i " + pods + " -j ACCEPT; " + iptables + " -I FORWARD -o " + pods
                    + " -j ACCEPT";
        }
        String accept = iptables + " -P FORWARD ACCEPT";
        return beside.stream().anyMatch(name -> name.startsWith("DOCKER"))
                ? accept + "; and so that Docker does not drop again at its next start: \"ip-forward-no-drop\": true in"
                        + " /etc/docker/daemon.json"
                : accept;
    }

    /// Both ways: pods' links by their name, the VPC by its addresses, whatever zone its link is in.
    private static String firewalld(Firewalls.Surroundings node) {
        String sources = node.vpcBlocks().stream()
                .map(Cidr::toString)
                .map(block -> " --add-source=" + block)
                .collect(Collectors.joining());
        return "firewall-cmd --permanent --zone=trusted --add-interface=" + node.vethPrefix() + "+" + sources
                + " && firewall-cmd --reload";
    }

    private static String nft(String chain, String vethPrefix) {
        String insert = "nft insert rule " + chain;
        return insert + " iifname \"" + vethPrefix + "*\" accept; " + insert + " oifname \"" + vethPrefix
                + "*\" accept; and the same in the file that makes this chain, as /etc/nftables.conf";
    }
}
