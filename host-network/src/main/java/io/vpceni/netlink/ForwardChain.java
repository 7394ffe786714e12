package io.vpceni.netlink;

import java.util.List;

/// A chain that every forwarded IPv4 packet traverses, and the chains that can be reached from it.
public interface ForwardChain {

    /// The tool that made the chain and can show it.
    enum Tool {
        /// nft and iptables-nft.
        NFT,
        IPTABLES_LEGACY
    }

    Tool tool();

    /// As in `nft list chain <name>`: `ip filter FORWARD`.
    String name();

    /// Whether packets that no rule decides on are dropped.
    boolean dropsByPolicy();

    /// The rules of the chain itself.
    List<List<FilterExpression>> rules() throws NetlinkFailure;

    /// The rules of a chain that a rule jumps or goes to.
    List<List<FilterExpression>> rules(String chain) throws NetlinkFailure;

    /// The names of all chains of its table. They show which program uses the table.
    List<String> chainsBeside();
}
