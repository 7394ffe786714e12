package io.vpceni.network;

import io.vpceni.netlink.NetlinkFailure;
import io.vpceni.netlink.Nftables;
import io.vpceni.network.drift.NftTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The tables of nftables that are ours, by name. From any thread; the tables themselves only from that of nftables.
final class OwnTables {

    private final Map<String, NftTable> tables = new LinkedHashMap<>();

    /// Takes the place of an earlier one of that name.
    synchronized void put(NftTable table) {
        tables.put(table.name(), table);
    }

    synchronized List<NftTable> all() {
        return new ArrayList<>(tables.values());
    }

    /// Replaces those that are not as they should be, on the thread that has the context.
    ///
    /// @return their names
    List<String> repair(Nftables nft) throws NetlinkFailure {
        List<String> repaired = new ArrayList<>();
        for (NftTable table : all()) {
            if (!table.isIntact(nft)) {
                table.reapply(nft);
                repaired.add(table.name());
            }
        }
        return repaired;
    }
}
