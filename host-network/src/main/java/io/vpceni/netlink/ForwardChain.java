package io.vpceni.netlink;

import java.util.List;

/// A chain that every forwarded IPv4 packet goes through, and the chains that can be reached from there.
public interface ForwardChain {

    /// Who made it, by the tool that shows it.
    enum Tool {
        /// nft, and iptables-nft.
        NFT,
        IPTABLES_LEGACY
    }

    Tool tool();

    /// As in `nft list chain <name>`: `ip filter FORWARD`.
    String name();

    /// Whether what no rule decides about is dropped.
    boolean dropsByPolicy();

    /// The rules of the chain itself.
    List<List<FilterExpression>> rules() throws NetlinkFailure;

    /// The rules of a chain that a rule jumps or goes to.
    List<List<FilterExpression>> rules(String chain) throws NetlinkFailure;

    /// The names of all chains of its table, which tell who uses it.
    List<String> chainsBeside();
}
