package io.vpceni.lab.cli;

import io.vpceni.lab.chaos.Chaos;
import io.vpceni.lab.chaos.ChaosPlan;
import io.vpceni.lab.chaos.ChaosReport;
import io.vpceni.lab.machine.LabBoundary;
import io.vpceni.lab.site.HostSnapshot;
import io.vpceni.lab.site.SitePlan;
import io.vpceni.lab.world.WorldPlan;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `./lab chaos`: see [Chaos].
@LabBoundary
@Command(
        name = "chaos",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Everything at once: EC2 fails, ENIs are changed out of band, ipamd is killed.",
        description = {
            "",
            "Pods come and go on several nodes with different warm pools, while EC2 and the metadata services throttle,"
                    + " lag, lose answers, deny and go away, somebody detaches ENIs by hand, and ipamd is killed in each"
                    + " window that opens. Pods that stay talk all the time. The records of EC2, of the kernel and of ipamd are"
                    + " compared meanwhile and in the end: docs/chaos.md tells how to read the report.",
            ""
        },
        optionListHeading = "Options:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:nothing lost, nothing left, nothing found", "1:otherwise"})
final class ChaosCommand implements Callable<Integer> {
    private static final int MINUTES_MAX = 24 * 60;
    private static final int NODES_MAX = 8;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            defaultValue = "10",
            description = "how long, before the faults end and all is compared (default: ${DEFAULT-VALUE})")
    private int minutes;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "of the chances, as far as they are not the machine's (default: ${DEFAULT-VALUE})")
    private long seed;

    @Option(
            names = "--nodes",
            paramLabel = "N",
            defaultValue = "3",
            description = "how many nodes, 1 to 8 (default: ${DEFAULT-VALUE})")
    private int nodes;

    @Option(
            names = "--instance-type",
            paramLabel = "TYPE",
            defaultValue = "m5.large",
            description = "of the nodes (default: ${DEFAULT-VALUE}, 3 ENIs of 10 addresses)")
    private String instanceType = "";

    @Option(names = "--json", paramLabel = "FILE", description = "write the report there too")
    private @Nullable Path json;

    @Option(
            names = "--name",
            paramLabel = "LAB",
            defaultValue = "chaos",
            description = "of this lab, where several run (default: ${DEFAULT-VALUE})")
    private String name = "";

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        CommandLine commandLine = Objects.requireNonNull(spec).commandLine();
        PrintWriter out = commandLine.getOut();
        if (minutes < 1 || minutes > MINUTES_MAX) {
            throw new IOException("--minutes " + minutes + ": want 1 to " + MINUTES_MAX);
        }
        if (nodes < 1 || nodes > NODES_MAX) {
            throw new IOException("--nodes " + nodes + ": want 1 to " + NODES_MAX);
        }
        OutputFiles.requireWritable(json);
        LabOptions.prepareMachine(out);
        HostSnapshot before = HostSnapshot.look(name);
        SitePlan site = SitePlan.of(name, LabOptions.home(), nodes)
                .withWorld(WorldPlan.ofNodes(nodes).withInstanceType(instanceType));
        Chaos chaos = new Chaos(
                new ChaosPlan(site, Duration.ofMinutes(minutes), seed),
                InstantSource.system(),
                System::nanoTime,
                line -> {
                    out.println(line);
                    out.flush();
                });
        ChaosReport report = chaos.run(LabOptions.claim(name, commandLine.getErr()), before);
        out.println();
        out.print(report.table());
        out.println(
                report.isClean()
                        ? "No address lost, none twice, nothing leaked, no traffic of a pod that stays interrupted."
                        : "NOT clean.");
        out.flush();
        if (json != null) {
            report.write(json);
        }
        return report.isClean() ? 0 : 1;
    }
}
