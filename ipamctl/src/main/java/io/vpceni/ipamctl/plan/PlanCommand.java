package io.vpceni.ipamctl.plan;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vpceni.config.Count;
import io.vpceni.config.PolicyName;
import io.vpceni.config.PoolSettings;
import io.vpceni.ipamctl.print.OutputFormat;
import io.vpceni.ipamctl.print.Table;
import io.vpceni.pool.NodeLimits;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `ipamctl plan`: how many ENIs and addresses a node holds with so many pods. Asks no daemon and no AWS.
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        description =
                "How many ENIs and addresses a node holds for a number of pods; calls neither ipamd nor " + "AWS.")
public final class PlanCommand implements Callable<Integer> {
    private static final int PODS_MAX = 10_000;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin
    private final NodeOptions node = new NodeOptions();

    @Option(
            names = "--pods",
            split = ",",
            required = true,
            paramLabel = "N",
            description = "for how many pods, as in 0,7,15; they come one by one, each after the requests for the "
                    + "last one are done")
    private final List<Integer> pods = new ArrayList<>();

    @Option(
            names = "--policy",
            defaultValue = "aws",
            description = "aws: what the AWS VPC CNI would do; demand, cilium or azure; default: ${DEFAULT-VALUE}")
    private PolicyName policy = PolicyName.AWS;

    @Option(names = "--explain", description = "explain each row")
    private boolean explain;

    @Option(
            names = {"-o", "--output"},
            defaultValue = "table",
            description = "table or json; default: ${DEFAULT-VALUE}")
    private OutputFormat format = OutputFormat.TABLE;

    @Override
    public Integer call() {
        NodeLimits limits = node.limits(spec, Optional.empty());
        PoolSettings settings = node.settings(spec, policy);
        SortedSet<Integer> counts = new TreeSet<>(pods);
        if (counts.first() < 0 || counts.last() > PODS_MAX) {
            throw new ParameterException(spec.commandLine(), "--pods: want numbers from 0 to " + PODS_MAX);
        }
        List<Plan.Row> rows = Plan.rows(settings, limits, counts);
        PrintWriter out = spec.commandLine().getOut();
        switch (format) {
            case JSON -> out.println(json(rows));
            case TABLE -> out.print(table(rows));
        }
        if (explain) {
            PrintWriter words = format == OutputFormat.JSON ? spec.commandLine().getErr() : out;
            words.print(PlanText.explain(rows, settings, limits));
            words.flush();
        }
        out.flush();
        return 0;
    }

    private static ArrayNode json(List<Plan.Row> rows) {
        ArrayNode array = new ObjectMapper().createArrayNode();
        rows.forEach(row -> fill(array.addObject(), row));
        return array;
    }

    private static void fill(ObjectNode json, Plan.Row row) {
        json.put("pods", row.pods()).put("enis", row.enis());
        ArrayNode perEni = json.putArray("perEni");
        row.perEni().forEach(perEni::add);
        json.put("total", row.total()).put("unused", row.unused());
        ArrayNode prefixesPerEni = json.putArray("prefixesPerEni");
        row.prefixesPerEni().forEach(prefixesPerEni::add);
        json.put("idlePrefixes", row.idlePrefixes());
        ObjectNode calls = json.putObject("ec2Calls");
        row.ec2Calls().forEach(calls::put);
        if (row.withoutAddress() > 0) {
            json.put("withoutAddress", row.withoutAddress());
        }
        row.ours().ifPresent(ours -> fill(json.putObject("ours"), ours));
    }

    private static String table(List<Plan.Row> rows) {
        Table table =
                new Table("PODS", "ENIS", "PER ENI", "TOTAL", "UNUSED", "PREFIXES", "IDLE PREFIXES", "EC2 CALLS", "");
        for (Plan.Row row : rows) {
            addTo(
                    table,
                    row,
                    row.withoutAddress() > 0 ? Count.of(row.withoutAddress(), "pod") + " without an address" : "");
            row.ours().ifPresent(ours -> addTo(table, ours, "<- differs: ours"));
        }
        return table.render();
    }

    private static void addTo(Table table, Plan.Row row, String mark) {
        table.row(
                Integer.toString(row.pods()),
                Integer.toString(row.enis()),
                joined(row.perEni()),
                Integer.toString(row.total()),
                Integer.toString(row.unused()),
                row.prefixesPerEni().isEmpty() ? "-" : joined(row.prefixesPerEni()),
                row.prefixesPerEni().isEmpty() ? "-" : Integer.toString(row.idlePrefixes()),
                row.ec2Calls().entrySet().stream()
                        .filter(call -> call.getValue() > 0)
                        .map(call -> call.getKey() + " " + call.getValue())
                        .collect(Collectors.joining(", ")),
                mark);
    }

    private static String joined(List<Integer> numbers) {
        return numbers.stream().map(String::valueOf).collect(Collectors.joining("+"));
    }
}
