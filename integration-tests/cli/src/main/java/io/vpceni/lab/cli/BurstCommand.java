package io.vpceni.lab.cli;

import io.vpceni.lab.bench.Burst;
import io.vpceni.lab.bench.BurstResult;
import io.vpceni.lab.bench.BurstSizes;
import io.vpceni.lab.bench.BurstTable;
import io.vpceni.lab.machine.LabBoundary;
import io.vpceni.lab.machine.LabResources;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `./lab burst`: see [Burst].
@LabBoundary
@Command(
        name = "burst",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Many pods at once on an empty node: time to the last address, failed ADDs, EC2 calls.",
        description = {
            "",
            "Beside ipamd, whose pods are wired by the real plugin, a loop as the AWS VPC CNI's asks the same EC2 for"
                    + " ENIs: one at a time, a pause of five seconds, ADDs that fail at once and are tried again after 10 to"
                    + " 15 s. That loop is a stand-in of the lab's; it wires nothing.",
            ""
        },
        optionListHeading = "Options:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:no ADD failed with ipamd", "1:one did"})
final class BurstCommand implements Callable<Integer> {
    private static final int PODS_MAX = 250; // processes at a time
    private static final int MILLIS_MAX = 60_000;

    @Option(
            names = "--pods",
            paramLabel = "N",
            defaultValue = "250",
            description = "how many at once, 1 to 250 (default: ${DEFAULT-VALUE})")
    private int pods;

    @Option(
            names = "--instance-type",
            paramLabel = "TYPE",
            defaultValue = "m5.16xlarge",
            description = "of the node (default: ${DEFAULT-VALUE}, 15 ENIs of 50 addresses)")
    private String instanceType = "";

    @Option(
            names = "--attach-ms",
            paramLabel = "N",
            defaultValue = "600",
            description = "EC2 takes that long to attach an ENI (default: ${DEFAULT-VALUE})")
    private int attachMillis;

    @Option(
            names = "--link-ms",
            paramLabel = "N",
            defaultValue = "5000",
            description = "and the link that long to appear then (default: ${DEFAULT-VALUE})")
    private int linkMillis;

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            converter = IpamdSettingOption.class,
            description = "a variable for ipamd, such as ENABLE_PREFIX_DELEGATION=true; may be given again")
    private List<String> settings = new ArrayList<>();

    @Option(names = "--alone", description = "without the loop beside it")
    private boolean alone;

    @Option(
            names = "--name",
            paramLabel = "LAB",
            defaultValue = "burst",
            description = "of this lab, where several run (default: ${DEFAULT-VALUE})")
    private String name = "";

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        CommandLine commandLine = Objects.requireNonNull(spec).commandLine();
        PrintWriter out = commandLine.getOut();
        requireBetween("--pods", pods, PODS_MAX);
        requireBetween("--attach-ms", attachMillis, MILLIS_MAX);
        requireBetween("--link-ms", linkMillis, MILLIS_MAX);
        LabOptions.prepareMachine(out);
        BurstSizes sizes =
                new BurstSizes(pods, instanceType, Duration.ofMillis(attachMillis), Duration.ofMillis(linkMillis));
        Burst burst = new Burst(
                sizes,
                LabOptions.home(),
                new TreeMap<>(IpamdSettingOption.byName(settings)),
                InstantSource.system(),
                System::nanoTime,
                line -> {
                    out.println(line);
                    out.flush();
                });
        List<BurstResult> results = new ArrayList<>();
        try (LabResources resources = LabOptions.claim(name, commandLine.getErr())) {
            results.add(burst.ours(resources));
        }
        if (!alone) {
            try (LabResources resources = LabOptions.claim(name, commandLine.getErr())) {
                results.add(burst.serially(resources, 1));
            }
        }
        out.println();
        out.print(BurstTable.of(results));
        out.flush();
        BurstResult ours = results.getFirst();
        return ours.failedAdds() == 0 && ours.waits().size() == pods ? 0 : 1;
    }

    private static void requireBetween(String option, int value, int max) throws IOException {
        if (value < 1 || value > max) {
            throw new IOException(option + " " + value + ": want 1 to " + max);
        }
    }
}
