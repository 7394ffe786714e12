package io.vpceni.network.drift;

import io.vpceni.netlink.NetlinkFailure;
import io.vpceni.netlink.Nftables;

/// A table of nftables that is ours. Called on the thread that has the nftables context, so no other transaction of
/// ours
/// is under way.
public interface NftTable {

    /// For people, as in `nft list table <name>`: `ip vpc-eni`.
    String name();

    /// Whether the kernel has it as it was last put there: all its chains and rules, whatever its counters say. Costs
    /// what this table costs to list; asked only after somebody else made a transaction.
    boolean isIntact(Nftables nft) throws NetlinkFailure;

    /// Puts the whole table there, in one transaction.
    void reapply(Nftables nft) throws NetlinkFailure;
}
