package io.vpceni.network;

import io.vpceni.netlink.NetlinkFailure;
import io.vpceni.netlink.Nftables;
import io.vpceni.network.drift.NftTable;

/// The table `ip vpc-eni` as it was last put there: compared with what the kernel listed right afterwards. On the
/// thread
/// that has the context.
final class NatTable implements NftTable {

    private final String commands;
    private String asListed = "";

    /// @param commands that replace it, see [NatRuleset#replacement]
    NatTable(String commands) {
        this.commands = commands;
    }

    @Override
    public String name() {
        return "ip " + NatRuleset.TABLE;
    }

    @Override
    public boolean isIntact(Nftables nft) throws NetlinkFailure {
        return listing(nft).equals(asListed);
    }

    @Override
    public void reapply(Nftables nft) throws NetlinkFailure {
        var _ = nft.run(commands);
        asListed = listing(nft);
    }

    /// Nothing when settings want the table away.
    private static String listing(Nftables nft) throws NetlinkFailure {
        return TableListing.of(nft, "ip", NatRuleset.TABLE).text();
    }
}
