package io.vpceni.lab.cli;

import io.vpceni.config.PoolMode;
import io.vpceni.eni.InstanceTypes;
import io.vpceni.eni.budget.BudgetSettings;
import io.vpceni.lab.fleet.Fleet;
import io.vpceni.lab.fleet.FleetPlan;
import io.vpceni.lab.fleet.FleetPlan.Habit;
import io.vpceni.lab.fleet.FleetReport;
import io.vpceni.lab.fleet.FleetResult;
import io.vpceni.pool.NodeLimits;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `./lab fleet`: many nodes and one account's request buckets, in simulated time. Needs no root.
@NullMarked
@Command(
        name = "fleet",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Start many nodes at once on one account's EC2 request buckets, in simulated time.",
        description = {
            "",
            "The production pool, ENI machine and request scheduler of each node, and beside them nodes that ask EC2 as the AWS"
                    + " VPC CNI does. The same seed makes the same run. docs/api-budget.md has the table and what it"
                    + " means.",
            ""
        },
        optionListHeading = "Options:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./lab fleet --nodes 500",
            "  ./lab fleet --nodes 150,500,1000,5000 --other-client-percent 50",
            "  ./lab fleet --nodes 1000 --policy told --calls"
        })
public final class FleetCommand implements Callable<Integer> {
    private static final int NODES_MAX = 20_000;

    @Option(
            names = "--nodes",
            paramLabel = "N",
            split = ",",
            defaultValue = "500",
            description = "how many; several numbers joined by commas are run one after the other"
                    + " (default: ${DEFAULT-VALUE})")
    private List<Integer> nodes = new ArrayList<>();

    @Option(
            names = "--instance-type",
            paramLabel = "TYPE",
            defaultValue = "m5.large",
            description = "of the nodes, from the packaged table (default: ${DEFAULT-VALUE})")
    private String instanceType = "";

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            defaultValue = "addresses",
            description = "addresses or prefixes (default: ${DEFAULT-VALUE})")
    private String mode = "";

    @Option(
            names = "--pods",
            paramLabel = "N",
            defaultValue = "2",
            description = "on each node, from its first moment (default: ${DEFAULT-VALUE})")
    private int pods;

    @Option(
            names = "--policy",
            paramLabel = "WHOSE",
            split = ",",
            defaultValue = "ours,told,aws-like",
            description = "who asks EC2: ours (every node for itself), told (ours, with each node's share set to one"
                    + " part in N), aws-like (default: ${DEFAULT-VALUE})")
    private List<Habit> policies = new ArrayList<>();

    @Option(
            names = "--share",
            paramLabel = "PERCENT",
            defaultValue = "100",
            description = "VPC_ENI_EC2_SHARE of each of our nodes (default: ${DEFAULT-VALUE})")
    private double share;

    @Option(
            names = "--other-client-percent",
            paramLabel = "PERCENT",
            defaultValue = "0",
            description = "somebody else asks for that part of what each bucket gets back (default: ${DEFAULT-VALUE})")
    private double other;

    @Option(
            names = "--window",
            paramLabel = "SECONDS",
            defaultValue = "0",
            description = "the nodes start within that time (default: ${DEFAULT-VALUE}, all at once)")
    private int window;

    @Option(
            names = "--look-every",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "how often each of our nodes looks at what EC2 has (default: ${DEFAULT-VALUE})")
    private int lookEvery;

    @Option(names = "--calls", description = "print the calls by name, too")
    private boolean calls;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "where all accidents come from (default: ${DEFAULT-VALUE})")
    private long seed;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        if (spec == null) {
            throw new IllegalStateException("picocli has not set the command");
        }
        PrintWriter out = spec.commandLine().getOut();
        List<FleetPlan> plans = new ArrayList<>();
        try {
            for (int count : nodes) {
                policies.forEach(policy -> plans.add(plan(count).withHabit(policy)));
            }
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        FleetReport report = new FleetReport(out);
        report.head();
        List<FleetResult> results = new ArrayList<>();
        for (FleetPlan plan : plans) {
            FleetResult result = Fleet.run(plan);
            report.row(result);
            results.add(result);
        }
        if (calls) {
            results.forEach(report::calls);
        }
        return 0;
    }

    private FleetPlan plan(int count) {
        if (count < 1 || count > NODES_MAX || lookEvery < 1) {
            throw new IllegalArgumentException(
                    "--nodes " + count + " --look-every " + lookEvery + ": want 1 to " + NODES_MAX + ", and 1 or more");
        }
        NodeLimits limits = InstanceTypes.limits(instanceType)
                .orElseThrow(() -> new IllegalArgumentException(
                        "--instance-type " + instanceType + " is not in the packaged table"));
        PoolMode pool = switch (mode) {
            case "addresses" -> PoolMode.ADDRESSES;
            case "prefixes" -> PoolMode.PREFIXES;
            default -> throw new IllegalArgumentException("--mode " + mode + ": want addresses or prefixes");
        };
        return FleetPlan.of(count, limits, pool, seed)
                .withPods(pods)
                .within(Duration.ofSeconds(window))
                .withBudget(BudgetSettings.ofShare(share / 100))
                .withOther(other / 100)
                .lookingEvery(Duration.ofSeconds(lookEvery));
    }
}
