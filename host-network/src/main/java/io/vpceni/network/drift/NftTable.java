package io.vpceni.network.drift;

import io.vpceni.netlink.NetlinkFailure;
import io.vpceni.netlink.Nftables;

/// One of our nftables tables. Called on the thread that owns the nftables context, so no other transaction of
/// that thread is running.
public interface NftTable {

    /// For people, as in `nft list table <name>`: `ip vpc-eni`.
    String name();

    /// Applies the whole table in one transaction.
    void apply(Nftables nft) throws NetlinkFailure;

    /// Compares the kernel's table with what was last applied: all its chains and rules, without the values of
    /// counters. Applies it again if it differs. Costs as much as listing the table; called only after
    /// transactions other than [#apply].
    ///
    /// @return whether it was different
    boolean repair(Nftables nft) throws NetlinkFailure;
}
