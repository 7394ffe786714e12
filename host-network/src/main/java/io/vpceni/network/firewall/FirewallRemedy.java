package io.vpceni.network.firewall;

import io.vpceni.netlink.ForwardChain;
import java.util.List;

/// How whoever has made a chain lets packets of pods pass: with that program's own command, or its next reload
/// would take the change away.
final class FirewallRemedy {

    private static final String FIREWALLD = "inet firewalld ";
    private static final String IPTABLES_NFT = "ip filter FORWARD";

    private FirewallRemedy() {}

    /// @param byPolicy whether it is the chain's policy that drops
    static String of(ForwardChain chain, boolean byPolicy, Firewalls.Surroundings node) {
        if (chain.name().startsWith(FIREWALLD)) {
            return firewalld(node.vethPrefix());
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
        if (byPolicy && beside.stream().anyMatch(name -> name.startsWith("DOCKER"))) {
            return iptables + " -P FORWARD ACCEPT; and so that Docker does not drop again at its next start:"
                    + " \"ip-forward-no-drop\": true in /etc/docker/daemon.json";
        }
        String insert = iptables + " -I FORWARD -";
        String pods = " " + node.vethPrefix() + "+ -j ACCEPT";
        return insert + "i" + pods + "; " + insert + "o" + pods
                + "; and so that they last: service iptables save, or netfilter-persistent save";
    }

    /// Policies are for what is forwarded, so that no port of the node is opened to the VPC; pods are a zone, which a
    /// policy has to name, and by their links' names, so that it is seen when this is in force.
    private static String firewalld(String vethPrefix) {
        String permanent = "firewall-cmd --permanent ";
        return String.join(
                        " && ",
                        permanent + "--new-zone=pods",
                        permanent + "--zone=pods --set-target=ACCEPT",
                        permanent + "--zone=pods --add-interface=" + vethPrefix + "+",
                        permanent + "--new-policy=to-pods",
                        permanent + "--policy=to-pods --set-target=ACCEPT",
                        permanent + "--policy=to-pods --add-ingress-zone=ANY",
                        permanent + "--policy=to-pods --add-egress-zone=pods",
                        "firewall-cmd --reload")
                + " (firewalld 0.9 or later; this node's pods may then reach all ports of the node)";
    }

    private static String nft(String chain, String vethPrefix) {
        String insert = "nft insert rule " + chain;
        return insert + " iifname \"" + vethPrefix + "*\" accept; " + insert + " oifname \"" + vethPrefix
                + "*\" accept; and the same in the file that makes this chain, as /etc/nftables.conf";
    }
}
