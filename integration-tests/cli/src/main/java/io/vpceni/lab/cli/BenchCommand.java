package io.vpceni.lab.cli;

import io.vpceni.lab.bench.Bench;
import io.vpceni.lab.bench.BenchReport;
import io.vpceni.lab.bench.BenchSizes;
import io.vpceni.lab.machine.LabBoundary;
import io.vpceni.lab.machine.LabResources;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `./lab bench`: measures ADDs, DELs and ipamd on this machine.
@NullMarked
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Measure the plugin and ipamd on one large node.",
        description = {
            "",
            "Runs the real plugin by fork and exec, from exec to exit, with its network namespaces made before and a"
                    + " warm pool: VERSION, ADD and DEL one at a time and 16 at a time, and ADD with 0, 250 and 700 pods"
                    + " on the node. Series 'floor' is a static program that does nothing.",
            "It takes about a minute or two. Compare figures of one run: absolute times differ between machines and hours.",
            ""
        },
        optionListHeading = "Options:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:every execution succeeded, whether budgets were met or not", "1:an execution failed"})
public final class BenchCommand implements Callable<Integer> {
    @Option(names = "--json", paramLabel = "FILE", description = "write the figures to this file too")
    private @Nullable Path json;

    @Option(names = "--quick", description = "a tenth of the executions, to see that it works")
    private boolean quick;

    @Option(
            names = "--pairs",
            paramLabel = "N",
            defaultValue = "0",
            description = "read ipamd's memory after so many pairs of ADD and DEL, 0 to 100000 (default: after the"
                    + " series, which make about 1,300)")
    private int pairs;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            defaultValue = "bench",
            description = "name of the lab, to run beside another (default: ${DEFAULT-VALUE})")
    private String name = "bench";

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec().commandLine().getOut();
        OutputFiles.requireWritable(json);
        if (pairs < 0 || pairs > 100_000) {
            throw new ParameterException(spec().commandLine(), "--pairs " + pairs + ": want 0 to 100000");
        }
        BenchSizes sizes = (quick ? BenchSizes.quick() : BenchSizes.full()).withPairs(pairs);
        BenchReport report = measure(sizes, line -> {
            out.println(line);
            out.flush();
        });
        out.println();
        out.print(report.table());
        out.flush();
        if (json != null) {
            report.write(json);
        }
        return report.sound() ? 0 : 1;
    }

    @LabBoundary
    private BenchReport measure(BenchSizes sizes, Consumer<String> progress) throws IOException {
        Path home = Path.of(System.getProperty("vpceni.home", "."));
        LabResources resources = LabResources.claim(LabResources.ROOT, name);
        Thread onInterrupt = Thread.ofPlatform().name("lab-cleanup").unstarted(() -> {
            try {
                resources.close();
            } catch (IOException e) {
                progress.accept("lab bench: not all is cleaned up, the next run does it: " + e.getMessage());
            }
        });
        Runtime.getRuntime().addShutdownHook(onInterrupt);
        try (resources) {
            return Bench.run(resources, home, sizes, InstantSource.system(), System::nanoTime, progress);
        }
    }

    private CommandSpec spec() {
        if (spec == null) {
            throw new IllegalStateException("picocli has not set the command");
        }
        return spec;
    }
}
