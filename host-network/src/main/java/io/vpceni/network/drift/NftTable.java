package io.vpceni.network.drift;

import io.vpceni.netlink.NetlinkFailure;
import io.vpceni.netlink.Nftables;

/// A table of nftables that is ours. Called on the thread that has the nftables context, so no other transaction of
/// that thread is under way.
public interface NftTable {

    /// For people, as in `nft list table <name>`: `ip vpc-eni`.
    String name();

    /// Puts the whole table there, in one transaction.
    void apply(Nftables nft) throws NetlinkFailure;

    /// Compares the kernel's table with what was last put there: all its chains and rules, whatever its counters say;
    /// and puts it there again unless it is so. Costs what this table costs to list; asked only after other
    /// transactions than [#apply].
    ///
    /// @return whether it was otherwise
    boolean repair(Nftables nft) throws NetlinkFailure;
}
