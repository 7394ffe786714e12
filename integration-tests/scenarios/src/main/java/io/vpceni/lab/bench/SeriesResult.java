package io.vpceni.lab.bench;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;

/// What is told of a series of executions.
///
/// Percentiles are by nearest rank: the smallest measured time that at least so many per cent are not above.
///
/// @param count of all executions
/// @param failures among them; they are in no other figure
/// @param perSecond successes from the first exec to the last exit
/// @param peakRssKb of the largest process
@JsonPropertyOrder({"name", "count", "failures", "p50Ms", "p90Ms", "p99Ms", "maxMs", "perSecond", "peakRssKb"})
public record SeriesResult(
        String name,
        int count,
        int failures,
        double p50Ms,
        double p90Ms,
        double p99Ms,
        double maxMs,
        double perSecond,
        long peakRssKb) {
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double NANOS_PER_SECOND = 1e9;

    static SeriesResult of(String name, List<Execution> executions) {
        List<Execution> good = executions.stream().filter(Execution::succeeded).toList();
        long[] sorted = good.stream().mapToLong(Execution::nanos).sorted().toArray();
        long first = good.stream().mapToLong(Execution::startNs).min().orElse(0);
        long last = good.stream().mapToLong(Execution::endNs).max().orElse(0);
        return new SeriesResult(
                name,
                executions.size(),
                executions.size() - good.size(),
                percentile(sorted, 50),
                percentile(sorted, 90),
                percentile(sorted, 99),
                percentile(sorted, 100),
                last == first ? 0 : rounded(good.size() * NANOS_PER_SECOND / (last - first)),
                good.stream().mapToLong(Execution::peakRssKb).max().orElse(0));
    }

    /// In milliseconds; 0 of nothing.
    private static double percentile(long[] sortedNanos, int percent) {
        if (sortedNanos.length == 0) {
            return 0;
        }
        int rank = Math.ceilDiv(sortedNanos.length * percent, 100);
        return rounded(sortedNanos[rank - 1] / NANOS_PER_MILLI);
    }

    /// To thousandths: more digits would say nothing.
    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
