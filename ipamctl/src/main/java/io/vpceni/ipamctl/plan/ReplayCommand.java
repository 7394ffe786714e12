package io.vpceni.ipamctl.plan;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vpceni.config.PolicyName;
import io.vpceni.config.PoolSettings;
import io.vpceni.ipamctl.print.OutputFormat;
import io.vpceni.ipamctl.print.Table;
import io.vpceni.pool.NodeLimits;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `ipamctl replay`: a trace of pods through every policy, side by side. Asks no daemon and no AWS.
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = "Compares all policies on one trace of pods; calls neither ipamd nor AWS.")
public final class ReplayCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private final NodeOptions node = new NodeOptions();

    @Option(
            names = "--trace",
            required = true,
            paramLabel = "FILE|NAME",
            description = "lines of seconds,+,pod and seconds,-,pod; or one that is shipped: steady, cron, rolling,"
                    + " batch, churn; or all")
    private String trace = "";

    @Option(names = "--seed", paramLabel = "N", description = "generate the named trace again with this seed")
    private @Nullable Long seed;

    @Option(
            names = "--svg",
            paramLabel = "FILE",
            description = "write a plot of held against used; a directory for all")
    private @Nullable Path svg;

    @Option(
            names = {"-o", "--output"},
            defaultValue = "table",
            description = "table or json; default: ${DEFAULT-VALUE}")
    private OutputFormat format = OutputFormat.TABLE;

    @Override
    public Integer call() {
        NodeLimits limits = node.limits(spec, Optional.of("m5.xlarge"));
        PoolSettings settings = node.settings(spec, PolicyName.AWS);
        PrintWriter out = spec.commandLine().getOut();
        ArrayNode json = new ObjectMapper().createArrayNode();
        try {
            for (Trace each : traces()) {
                List<Replay.Outcome> outcomes = Replay.all(each, settings, limits);
                if (format == OutputFormat.TABLE) {
                    out.print(table(each.name(), outcomes));
                }
                outcomes.forEach(outcome -> fill(json.addObject(), each.name(), outcome));
                plot(each.name(), outcomes);
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--trace: " + e.getMessage(), e);
        }
        if (format == OutputFormat.JSON) {
            out.println(json);
        }
        out.flush();
        return 0;
    }

    private List<Trace> traces() throws IOException {
        if (trace.equals("all")) {
            return Arrays.stream(Traces.values()).map(this::shippedOrMade).toList();
        }
        for (Traces shipped : Traces.values()) {
            if (shipped.title().equals(trace)) {
                return List.of(shippedOrMade(shipped));
            }
        }
        Path file = Path.of(trace);
        if (!Files.isReadable(file)) {
            throw new IOException("'" + trace + "' is no file that can be read and none of "
                    + Arrays.stream(Traces.values()).map(Traces::title).collect(Collectors.joining(", ")) + ", all");
        }
        return List.of(Trace.parse(String.valueOf(file.getFileName()), Files.readAllLines(file)));
    }

    private Trace shippedOrMade(Traces traces) {
        return seed == null ? traces.shipped() : traces.made(seed);
    }

    private void plot(String name, List<Replay.Outcome> outcomes) throws IOException {
        if (svg != null) {
            Path file = trace.equals("all") || Files.isDirectory(svg) ? svg.resolve("replay-" + name + ".svg") : svg;
            Files.writeString(file, AddressChart.svg(name, outcomes));
        }
    }

    static String table(String trace, List<Replay.Outcome> outcomes) {
        Table table = new Table(
                "TRACE",
                "POLICY",
                "IDLE ADDRESS-SECONDS",
                "IDLE",
                "ADDS",
                "WAITED",
                "P50 s",
                "P99 s",
                "EC2 CALLS",
                "MOST HELD");
        for (Replay.Outcome outcome : outcomes) {
            PlanTotals ledger = outcome.ledger();
            table.row(
                    trace,
                    outcome.policy(),
                    number("%.0f", ledger.idleSeconds()),
                    number("%.1f", outcome.idle()),
                    Integer.toString(ledger.adds()),
                    Long.toString(ledger.waited()),
                    number("%.1f", ledger.waitSeconds(0.5)),
                    number("%.1f", ledger.waitSeconds(0.99)),
                    Integer.toString(outcome.ec2Calls()),
                    Integer.toString(ledger.mostHeld()));
        }
        return table.render();
    }

    private static void fill(ObjectNode json, String trace, Replay.Outcome outcome) {
        PlanTotals ledger = outcome.ledger();
        json.put("trace", trace)
                .put("policy", outcome.policy())
                .put("idleAddressSeconds", Math.round(ledger.idleSeconds()))
                .put("adds", ledger.adds())
                .put("waited", ledger.waited())
                .put("waitSecondsP50", ledger.waitSeconds(0.5))
                .put("waitSecondsP99", ledger.waitSeconds(0.99))
                .put("mostHeld", ledger.mostHeld());
        ObjectNode calls = json.putObject("ec2Calls");
        outcome.calls().forEach(calls::put);
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
