package io.vpceni.lab.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// All figures of one run.
public record BenchReport(List<SeriesResult> series, IpamdFigures ipamd) {
    public BenchReport {
        series = List.copyOf(series);
    }

    /// No execution failed.
    public boolean sound() {
        return series.stream().allMatch(result -> result.failures() == 0);
    }

    public void write(Path file) throws IOException {
        new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), this);
    }

    /// For people.
    public String table() {
        StringBuilder table = new StringBuilder();
        table.append(String.format(
                Locale.ROOT,
                "%-10s %6s %6s %9s %9s %9s %9s %8s %9s  %s%n",
                "series",
                "count",
                "failed",
                "p50 ms",
                "p90 ms",
                "p99 ms",
                "max ms",
                "per s",
                "peak kB",
                "budget"));
        for (SeriesResult result : series) {
            table.append(String.format(
                            Locale.ROOT,
                            "%-10s %6d %6d %9.2f %9.2f %9.2f %9.2f %8.0f %9d  %s",
                            result.name(),
                            result.count(),
                            result.failures(),
                            result.p50Ms(),
                            result.p90Ms(),
                            result.p99Ms(),
                            result.maxMs(),
                            result.perSecond(),
                            result.peakRssKb(),
                            Budgets.verdict(result))
                    .stripTrailing());
            table.append('\n');
        }
        table.append(String.format(
                Locale.ROOT,
                """

                ipamd: exec to ready %d ms; again with %d pods to recover %d ms (%s)
                ipamd: %d kB resident after %d pairs of ADD and DEL (%s)
                """,
                ipamd.readyMs(),
                ipamd.restoredPods(),
                ipamd.restartReadyMs(),
                Budgets.verdict(ipamd.restartReadyMs(), Budgets.IPAMD_READY_WITH_PODS_MS, "ms"),
                ipamd.rssKb(),
                ipamd.pairs(),
                Budgets.verdict(ipamd.rssKb(), Budgets.IPAMD_RSS_KB, "kB")));
        return table.toString();
    }
}
