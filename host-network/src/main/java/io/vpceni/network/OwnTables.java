package io.vpceni.network;

import io.vpceni.netlink.NetlinkFailure;
import io.vpceni.netlink.Nftables;
import io.vpceni.network.drift.NftTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// Our nftables tables, by name. For the thread that owns the nftables context.
///
/// The kernel counts transactions, and each added or deleted pod is one. Tables are not listed while the count
/// shows no transaction since the last comparison.
final class OwnTables {

    private final Map<String, NftTable> tables = new LinkedHashMap<>();

    /// The generation in which, or after which, all tables were known to be correct.
    private OptionalInt intactIn = OptionalInt.empty();

    /// Applies the table now, and again whenever it is found different. Replaces an earlier table with that
    /// name.
    void apply(NftTable table, Nftables nft) throws NetlinkFailure {
        int before = nft.generation();
        boolean othersIntact = tables.isEmpty() || intactIn.equals(OptionalInt.of(before));
        table.apply(nft);
        tables.put(table.name(), table);
        int after = nft.generation();
        boolean undisturbed = othersIntact && after == before + 1;
        intactIn = undisturbed ? OptionalInt.of(after) : OptionalInt.empty();
    }

    /// Replaces the tables that are not as they should be.
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
