package io.vpceni.network.drift;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/// Logs each difference once for each kind and object, and counts it each time. Bounded: of many objects of one
/// kind in one check only the first few are named.
final class DriftLog {

    private static final Logger LOG = LoggerFactory.getLogger(DriftLog.class);
    private static final int NAMED_MAX = 5;

    private final DriftListener listener;
    private final Map<DriftKind, List<Repair>> repaired = new EnumMap<>(DriftKind.class);
    private final Map<DriftKind, List<Repair>> left = new EnumMap<>(DriftKind.class);
    private final Map<DriftKind, Integer> counts = new EnumMap<>(DriftKind.class);

    DriftLog(DriftListener listener) {
        this.listener = listener;
    }

    /// @param first whether this object is reported for the first time
    void repaired(Repair repair, boolean first) {
        counts.merge(repair.kind(), 1, Integer::sum);
        if (first) {
            repaired.computeIfAbsent(repair.kind(), _ -> new ArrayList<>()).add(repair);
        }
    }

    void left(Repair repair, String why, boolean first) {
        listener.left(repair.kind(), 1);
        if (first) {
            Repair said = new Repair(
                    repair.kind(),
                    repair.object(),
                    repair.owner(),
                    repair.found() + (why.isEmpty() ? "" : "; " + why),
                    repair.requests());
            left.computeIfAbsent(repair.kind(), _ -> new ArrayList<>()).add(said);
        }
    }

    void fight(Repair repair) {
        about(repair.kind())
                .addKeyValue("object", repair.object())
                .addKeyValue("found", repair.found())
                .log("Another program changes this again and again; ipamd repairs it at most once a second from "
                        + "now on");
    }

    void tables(List<String> names) {
        if (!names.isEmpty()) {
            listener.repaired(DriftKind.NFT_TABLE, names.size());
            about(DriftKind.NFT_TABLE)
                    .addKeyValue("tables", names)
                    .log("Restored nftables tables that another program had changed");
        }
    }

    /// The check is over.
    void flush(Duration took) {
        counts.forEach(listener::repaired);
        counts.clear();
        repaired.forEach((kind, all) -> about(kind)
                .addKeyValue("count", all.size())
                .addKeyValue("found", named(all))
                .addKeyValue("tookMillis", took.toMillis())
                .log("Repaired what another program had changed"));
        repaired.clear();
        left.forEach((kind, all) -> about(kind)
                .addKeyValue("count", all.size())
                .addKeyValue("found", named(all))
                .log("A difference could not be repaired; ipamd checks it again within 30 seconds"));
        left.clear();
    }

    /// The cause is not known, but programs that usually cause it are.
    private static LoggingEventBuilder about(DriftKind kind) {
        LoggingEventBuilder event = LOG.atWarn().addKeyValue("kind", kind.label());
        return kind.usually().isEmpty() ? event : event.addKeyValue("perhapsBecause", kind.usually());
    }

    private static List<String> named(List<Repair> repairs) {
        List<String> named = new ArrayList<>();
        repairs.stream().limit(NAMED_MAX).forEach(repair -> named.add(repair.object() + ": " + repair.found()));
        if (repairs.size() > NAMED_MAX) {
            named.add("and " + (repairs.size() - NAMED_MAX) + " more");
        }
        return named;
    }
}
