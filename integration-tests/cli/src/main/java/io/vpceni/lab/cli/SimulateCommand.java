package io.vpceni.lab.cli;

import io.vpceni.lab.simulate.SimulationReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `./lab simulate`: the pool in a simulated world. Needs no root.
@NullMarked
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Run the pool in a simulated world and check that nothing is lost, lent twice or wasted.",
        description = {
            "",
            "The production pool, journal and owner in one thread, with simulated time, EC2, kernel, disk and runtime."
                    + " The same seed makes the same run. docs/simulation.md says what it proves.",
            ""
        },
        optionListHeading = "Options:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./lab simulate                             a fresh seed, 1,000,000 steps",
            "  ./lab simulate --seed 7 --steps 200000",
            "  ./lab simulate --incident all              incidents of other projects, replayed",
            "  ./lab simulate --mutant all                each planted fault is caught"
        })
public final class SimulateCommand implements Callable<Integer> {
    @Option(names = "--seed", paramLabel = "N", description = "where all accidents come from (default: the time)")
    private @Nullable Long seed;

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "how many (default: ${DEFAULT-VALUE})")
    private long steps;

    @Option(
            names = "--incident",
            paramLabel = "NAME",
            defaultValue = "",
            description = "replay an incident of another project instead, or all of them")
    private String incident = "";

    @Option(
            names = "--mutant",
            paramLabel = "NAME",
            defaultValue = "",
            description = "plant a fault: the run must catch it; 'all' plants one after the other")
    private String mutant = "";

    @Option(names = "--json", paramLabel = "FILE", description = "write the result as JSON, too")
    private @Nullable Path json;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (spec == null) {
            throw new IllegalStateException("picocli has not set the command");
        }
        if (steps < 1) {
            throw new ParameterException(spec.commandLine(), "--steps " + steps + ": want 1 or more");
        }
        PrintWriter out = spec.commandLine().getOut();
        OutputFiles.requireWritable(json);
        ProgressLine progress = ProgressLine.of(spec.commandLine().getErr(), InstantSource.system());
        SimulationReport report = new SimulationReport(
                out, done -> progress.show(String.format(Locale.ROOT, "lab simulate: %,d of %,d steps", done, steps)));
        try {
            return run(report, progress) ? 0 : 1;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        } finally {
            out.flush();
        }
    }

    private boolean run(SimulationReport report, ProgressLine progress) throws IOException {
        if (!incident.isEmpty()) {
            return report.incident(incident);
        }
        if (mutant.equals("all")) {
            return report.mutants();
        }
        InstantSource clock = InstantSource.system();
        Instant began = clock.instant();
        long from = seed == null ? began.toEpochMilli() : seed;
        return report.seed(from, steps, mutant, Optional.ofNullable(json), () -> {
            progress.clear();
            return Duration.between(began, clock.instant());
        });
    }
}
