package io.vpceni.lab.bench;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// The budgets that the project has set itself, for a machine with 2 cores (`docs/performance.md`).
final class Budgets {
    private record Budget(
            String series, String figure, ToDoubleFunction<SeriesResult> measured, double bound, boolean atLeast) {}

    /// Of the series that has a budget. Lower is better, except for throughput.
    private static final List<Budget> SERIES = List.of(
            new Budget("version", "p50 %.1f ms", SeriesResult::p50Ms, 2.5, false),
            new Budget("version", "%.0f kB", result -> result.peakRssKb(), 3072, false),
            new Budget("add-1", "p50 %.0f ms", SeriesResult::p50Ms, 5, false),
            new Budget("add-1", "p99 %.0f ms", SeriesResult::p99Ms, 15, false),
            new Budget("add-16", "%.0f/s", SeriesResult::perSecond, 300, true),
            new Budget("del-1", "p50 %.0f ms", SeriesResult::p50Ms, 4, false));

    static final long IPAMD_READY_WITH_PODS_MS = 1500;
    static final long IPAMD_RSS_KB = 110 * 1024L;

    private Budgets() {}

    /// As `p50 5 ms met, p99 15 ms missed`; empty where there is none.
    static String verdict(SeriesResult result) {
        StringBuilder verdict = new StringBuilder();
        for (Budget budget : SERIES) {
            if (budget.series().equals(result.name())) {
                double measured = budget.measured().applyAsDouble(result);
                boolean met = budget.atLeast() ? measured >= budget.bound() : measured <= budget.bound();
                verdict.append(verdict.isEmpty() ? "" : ", ")
                        .append(String.format(Locale.ROOT, budget.figure(), budget.bound()))
                        .append(met ? " met" : " missed");
            }
        }
        return verdict.toString();
    }

    /// As `1500 ms met`.
    static String verdict(long measured, long bound, String unit) {
        return String.format(Locale.ROOT, "%d %s %s", bound, unit, measured <= bound ? "met" : "missed");
    }
}
