package io.vpceni.lab.bench;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;

/// Results side by side, for people.
public final class BurstTable {
    private BurstTable() {}

    public static String of(List<BurstResult> results) {
        StringBuilder table = new StringBuilder();
        row(table, results, "", BurstResult::who);
        row(table, results, "addresses ready before", result -> Integer.toString(result.before()));
        row(
                table,
                results,
                "pods with an address",
                result -> Integer.toString(result.waits().size()));
        row(table, results, "half of them after, s", result -> seconds(result.median()));
        row(table, results, "the last after, s", result -> seconds(result.last()));
        row(table, results, "failed ADDs", result -> Long.toString(result.failedAdds()));
        row(table, results, "ENIs then", result -> Integer.toString(result.enis()));
        SortedSet<String> names = new TreeSet<>();
        results.forEach(result -> names.addAll(result.calls().keySet()));
        for (String name : names) {
            row(table, results, name, result -> Long.toString(result.calls().getOrDefault(name, 0L)));
        }
        return table.toString();
    }

    private static void row(
            StringBuilder table, List<BurstResult> results, String what, Function<BurstResult, String> value) {
        table.append(String.format(Locale.ROOT, "  %-36s", what));
        for (BurstResult result : results) {
            table.append(String.format(Locale.ROOT, " %22s", value.apply(result)));
        }
        table.append('\n');
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f", (double) duration.toMillis() / 1000);
    }
}
