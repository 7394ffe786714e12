package io.vpceni.network.firewall;

import io.vpceni.netlink.ForwardChain;
import java.util.List;

/// How to let packets of pods pass a chain: with a command of the program that made the chain, because that
/// program's next reload would undo any other change.
final class FirewallRemedy {

    private static final String FIREWALLD = "inet firewalld ";
    private static final String IPTABLES_NFT = "ip filter FORWARD";

    private FirewallRemedy() {}

    /// @param byPolicy whether the chain's policy drops
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

    /// Uses a policy, which applies to forwarded packets only, so that no port of the node is opened to the
    /// VPC. A policy must name a zone, so pods get one, defined by the names of their links, so that it is
    /// visible when it is in force.
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
