package io.vpceni.lab.jmh;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/// Runs the benchmarks of this package, each in a process of its own, and gives one row a benchmark and parameter.
public final class PoolMeasurement {

    private static final String BYTES = "gc.alloc.rate.norm";

    private PoolMeasurement() {}

    /// One figure.
    ///
    /// @param name benchmark and parameters, as in `PoolPairs.pair 250`
    /// @param micros mean time of an operation in microseconds
    /// @param error half of the 99.9 % confidence interval, in microseconds; NaN when one iteration was run
    /// @param bytes allocated by an operation
    public record Row(String name, double micros, double error, double bytes) {}

    /// @param pattern a regular expression over the names of the benchmarks
    /// @param quick one short iteration each, to see that it works
    /// @throws RunnerException when a benchmark fails
    public static List<Row> run(String pattern, boolean quick) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(PoolMeasurement.class.getPackageName() + "." + pattern)
                .addProfiler(GCProfiler.class)
                .forks(1)
                .warmupIterations(quick ? 1 : 5)
                .warmupTime(quick ? TimeValue.milliseconds(200) : TimeValue.seconds(1))
                .measurementIterations(quick ? 1 : 5)
                .measurementTime(quick ? TimeValue.milliseconds(200) : TimeValue.seconds(2))
                .shouldFailOnError(true)
                .jvmArgsAppend("-Xmx512m", "--sun-misc-unsafe-memory-access=allow");
        Collection<RunResult> results = new Runner(options.build()).run();
        return results.stream().map(PoolMeasurement::row).toList();
    }

    private static Row row(RunResult result) {
        Result<?> primary = result.getPrimaryResult();
        Map<String, String> parameters = new TreeMap<>();
        result.getParams()
                .getParamsKeys()
                .forEach(key -> parameters.put(key, result.getParams().getParam(key)));
        String benchmark = result.getParams().getBenchmark();
        String name = benchmark.substring(PoolMeasurement.class.getPackageName().length() + 1);
        String all = parameters.isEmpty() ? name : name + " " + String.join(" ", parameters.values());
        Result<?> bytes = result.getSecondaryResults().get(BYTES);
        return new Row(all, primary.getScore(), primary.getScoreError(), bytes == null ? Double.NaN : bytes.getScore());
    }
}
