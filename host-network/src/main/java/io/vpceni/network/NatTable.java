package io.vpceni.network;

import io.vpceni.netlink.NetlinkFailure;
import io.vpceni.netlink.Nftables;
import io.vpceni.network.drift.NftTable;

/// The table `ip vpc-eni` as it was last applied. For the thread that owns the nftables context.
final class NatTable implements NftTable {

    private final String commands;
    private final ExpectedListing expected = new ExpectedListing();

    /// @param commands that replace it, see [NatRuleset#replacement]
    NatTable(String commands) {
        this.commands = commands;
    }

    @Override
    public String name() {
        return "ip " + NatRuleset.TABLE;
    }

    @Override
    public void apply(Nftables nft) throws NetlinkFailure {
        var _ = nft.run(commands);
    }

    @Override
    public boolean repair(Nftables nft) throws NetlinkFailure {
        String found = listing(nft);
        return !expected.is(found) && expected.renew(nft, found, () -> apply(nft), () -> listing(nft));
    }

    /// Empty when the settings turn the table off.
    private static String listing(Nftables nft) throws NetlinkFailure {
        return TableListing.of(nft, "ip", NatRuleset.TABLE).text();
    }
}
