package io.vpceni.lab.cli;

import io.vpceni.lab.bench.WarmUp;
import io.vpceni.lab.machine.LabBoundary;
import io.vpceni.lab.machine.LabResources;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `./lab calls-to-warm`: see [WarmUp].
@LabBoundary
@Command(
        name = "calls-to-warm",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Count the EC2 calls that a fresh node makes until its pool is warm.",
        description = {
            "",
            "By name, from ipamd's start until the pool wants nothing more: with secondary addresses and with prefixes,"
                    + " each with the default warm pool and with one of three ENIs (so many addresses as three ENIs hold).",
            ""
        },
        optionListHeading = "Options:%n")
final class WarmUpCommand implements Callable<Integer> {
    @Option(
            names = "--instance-type",
            paramLabel = "TYPE",
            defaultValue = "m5.large",
            description = "of the node (default: ${DEFAULT-VALUE}, 3 ENIs of 10 addresses)")
    private String instanceType = "";

    @Option(
            names = "--name",
            paramLabel = "LAB",
            defaultValue = "warmup",
            description = "of this lab, where several run (default: ${DEFAULT-VALUE})")
    private String name = "";

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        CommandLine commandLine = Objects.requireNonNull(spec).commandLine();
        PrintWriter out = commandLine.getOut();
        LabOptions.prepareMachine(out);
        WarmUp warmUp =
                new WarmUp(LabOptions.home(), instanceType, InstantSource.system(), System::nanoTime, line -> {});
        SequencedMap<String, WarmUp.Result> results = new LinkedHashMap<>();
        for (Map.Entry<String, Map<String, String>> pool : POOLS.entrySet()) {
            try (LabResources resources = LabOptions.claim(name, commandLine.getErr())) {
                results.put(pool.getKey(), warmUp.run(resources, new TreeMap<>(pool.getValue())));
            }
        }
        print(out, results);
        return 0;
    }

    private static final SequencedMap<String, Map<String, String>> POOLS = pools();

    private static SequencedMap<String, Map<String, String>> pools() {
        SequencedMap<String, Map<String, String>> pools = new LinkedHashMap<>();
        pools.put("addresses", Map.of());
        pools.put("addresses, 3 ENIs", Map.of("WARM_ENI_TARGET", "3"));
        pools.put("prefixes", Map.of("ENABLE_PREFIX_DELEGATION", "true"));
        pools.put("prefixes, 3 ENIs", Map.of("ENABLE_PREFIX_DELEGATION", "true", "WARM_PREFIX_TARGET", "27"));
        return pools;
    }

    private static void print(PrintWriter out, SequencedMap<String, WarmUp.Result> results) {
        row(out, "", results.keySet().stream().toList());
        row(out, "ENIs", results.values().stream().map(WarmUp.Result::enis).toList());
        row(
                out,
                "addresses",
                results.values().stream().map(WarmUp.Result::addresses).toList());
        SortedSet<String> names = new TreeSet<>();
        results.values().forEach(result -> names.addAll(result.calls().keySet()));
        for (String call : names) {
            row(
                    out,
                    call,
                    results.values().stream()
                            .map(result -> result.calls().getOrDefault(call, 0L))
                            .toList());
        }
        out.flush();
    }

    private static void row(PrintWriter out, String what, List<?> values) {
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "  %-36s", what));
        values.forEach(value -> line.append(String.format(Locale.ROOT, " %18s", value)));
        out.println(line);
    }
}
