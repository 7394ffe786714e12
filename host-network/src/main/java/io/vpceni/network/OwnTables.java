package io.vpceni.network;

import io.vpceni.netlink.NetlinkFailure;
import io.vpceni.netlink.Nftables;
import io.vpceni.network.drift.NftTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// The tables of nftables that are ours, by name. On the thread that has the context.
///
/// The kernel counts transactions. Nothing is listed as long as its count says that there was none since the last
/// comparison; each pod that comes or goes is one.
final class OwnTables {

    private final Map<String, NftTable> tables = new LinkedHashMap<>();

    /// The generation of which it is known that all tables were as they should be in it, or after it.
    private OptionalInt intactIn = OptionalInt.empty();

    /// Puts the table there, now and whenever it is found otherwise. Takes the place of an earlier one of that name.
    void apply(NftTable table, Nftables nft) throws NetlinkFailure {
        int before = nft.generation();
        boolean othersIntact = tables.isEmpty() || intactIn.equals(OptionalInt.of(before));
        table.apply(nft);
        tables.put(table.name(), table);
        int after = nft.generation();
        boolean undisturbed = othersIntact && after == before + 1;
        intactIn = undisturbed ? OptionalInt.of(after) : OptionalInt.empty();
    }

    /// Replaces those that are not as they should be.
    ///
    /// @return their names
    List<String> repair(Nftables nft) throws NetlinkFailure {
        int generation = nft.generation();
        if (intactIn.equals(OptionalInt.of(generation))) {
            return List.of();
        }
        List<String> repaired = new ArrayList<>();
        for (NftTable table : tables.values()) {
            if (table.repair(nft)) {
                repaired.add(table.name());
            }
        }
        intactIn = OptionalInt.of(generation); // a repair made another, so that all are compared once more
        return repaired;
    }
}
