package io.vpceni.lab.cli;

import io.vpceni.lab.jmh.PoolMeasurement;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.NullMarked;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `./lab jmh`: what the pool and its journal cost inside ipamd.
@NullMarked
@Command(
        name = "jmh",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Measure the pool and its journal, without kernel and network.",
        description = {
            "",
            "Runs the JMH benchmarks of io.vpceni.lab.jmh, each in a JVM of its own, and prints the mean time and the"
                    + " bytes allocated by one operation. It takes some minutes.",
            ""
        },
        optionListHeading = "Options:%n")
public final class JmhCommand implements Callable<Integer> {
    @Option(names = "--quick", description = "one short iteration each, to see that it works")
    private boolean quick;

    @Option(
            names = "--only",
            paramLabel = "REGEX",
            defaultValue = ".*",
            description = "benchmarks whose name matches, as in 'PoolPairs.*' (default: all)")
    private String only = ".*";

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws RunnerException {
        PrintWriter out = spec.commandLine().getOut();
        var rows = PoolMeasurement.run(only, quick);
        out.printf(Locale.ROOT, "%n%-40s %12s %10s %12s%n", "operation", "us", "+/-", "bytes");
        for (PoolMeasurement.Row row : rows) {
            out.printf(Locale.ROOT, "%-40s %12.3f %10.3f %12.0f%n", row.name(), row.micros(), row.error(), row.bytes());
        }
        out.flush();
        return rows.isEmpty() ? 1 : 0;
    }
}
