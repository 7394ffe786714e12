package io.vpceni.netlink;

import java.util.List;

/// A chain of nftables at the hook `forward`.
///
/// @param beside all chains of its table
record NftForwardChain(
        NetlinkSocket socket, NftDump.Family family, NftDump.Chain chain, boolean dropsByPolicy, List<String> beside)
        implements ForwardChain {

    NftForwardChain {
        beside = List.copyOf(beside);
    }

    @Override
    public Tool tool() {
        return Tool.NFT;
    }

    @Override
    public String name() {
        return family.word() + " " + chain.table() + " " + chain.name();
    }

    @Override
    public List<List<FilterExpression>> rules() throws NetlinkFailure {
        return rules(chain.name());
    }

    @Override
    public List<List<FilterExpression>> rules(String other) throws NetlinkFailure {
        return NftDump.programs(socket, family, new NftDump.Chain(chain.table(), other));
    }

    @Override
    public List<String> chainsBeside() {
        return beside;
    }
}
