package io.vpceni.lab.bench;

import io.vpceni.lab.ec2.CallLog;
import io.vpceni.lab.machine.LabResources;
import io.vpceni.lab.site.LabInfrastructure;
import io.vpceni.lab.site.SitePlan;
import io.vpceni.lab.vpc.VpcNode;
import io.vpceni.lab.world.WorldPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Many pods at once on an empty node: the time until the last has an address, and the EC2 calls.
public final class Burst {
    private static final String OURS = "vpc-eni-ipam";

    private final BurstSizes sizes;
    private final Path home;
    private final SortedMap<String, String> settings;
    private final InstantSource time;
    private final LongSupplier nanoTime;
    private final Consumer<String> progress;

    /// @param home the project's directory, built
    /// @param settings of ipamd, none for its defaults
    public Burst(
            BurstSizes sizes,
            Path home,
            SortedMap<String, String> settings,
            InstantSource time,
            LongSupplier nanoTime,
            Consumer<String> progress) {
        this.sizes = sizes;
        this.home = home;
        this.settings = new TreeMap<>(settings);
        this.time = time;
        this.nanoTime = nanoTime;
        this.progress = progress;
    }

    private SitePlan plan(LabResources resources) {
        return SitePlan.of(resources.lab(), home, 1)
                .withDelays(sizes.delays(), sizes.link())
                .withWorld(WorldPlan.ofNodes(1).withInstanceType(sizes.instanceType()))
                .withIpamdSettings(settings);
    }

    /// The product: its pods are wired by the real plugin, each from exec to exit.
    ///
    /// @param resources the caller's to close
    public BurstResult ours(LabResources resources) throws IOException {
        SitePlan plan = plan(resources);
        Path plugin = home.resolve("cni-binary/target/vpc-eni");
        try (LabInfrastructure infrastructure = LabInfrastructure.prepare(resources, plan, time, nanoTime, progress);
                BenchNode node = new BenchNode(resources, plan, infrastructure, plugin, nanoTime)) {
            node.prepareSandboxes(sizes.pods());
            int before = node.awaitRest();
            progress.accept(sizes.pods() + " pods at once, " + before + " addresses are ready");
            CallLog log = infrastructure.embedded().calls();
            long mark = log.lastNumber();
            ExecDriver driver = new ExecDriver(
                    home.resolve("integration-tests/scenarios/target/bench/execbench"), resources.directory());
            List<Execution> executions = driver.run(
                    List.of("--netns", node.namespace().path().toString()),
                    sizes.pods(),
                    node.jobs("ADD", 0, sizes.pods()),
                    List.of(plugin.toString()));
            List<Execution> failed = executions.stream()
                    .filter(execution -> !execution.succeeded())
                    .toList();
            failed.stream()
                    .limit(1)
                    .forEach(first -> progress.accept("  the first that failed said: " + first.answer()));
            return new BurstResult(
                    OURS,
                    before,
                    executions.stream()
                            .filter(Execution::succeeded)
                            .map(execution -> Duration.ofNanos(execution.endNs()))
                            .toList(),
                    failed.size(),
                    enis(infrastructure),
                    CallCounts.byName(log.after(mark)));
        }
    }

    /// For comparison: the AWS VPC CNI's loop against the same EC2; no pod is wired.
    ///
    /// @param resources the caller's to close
    public BurstResult serially(LabResources resources, long seed) throws IOException {
        try (LabInfrastructure infrastructure =
                LabInfrastructure.prepare(resources, plan(resources), time, nanoTime, progress)) {
            VpcNode node = infrastructure.nodes().firstEntry().getValue();
            try (SerialLoop loop = new SerialLoop(infrastructure, node, nanoTime, progress)) {
                int before = loop.begin();
                progress.accept(sizes.pods() + " pods at once, " + before + " addresses are ready");
                CallLog log = infrastructure.embedded().calls();
                long mark = log.lastNumber();
                ImpatientPods pods = new ImpatientPods(sizes.pods(), loop, seed, nanoTime);
                pods.serve();
                return new BurstResult(
                        "AWS-like serial loop",
                        before,
                        pods.waits(),
                        pods.failedAdds(),
                        enis(infrastructure),
                        CallCounts.byName(log.after(mark)));
            }
        }
    }

    private static int enis(LabInfrastructure infrastructure) {
        return infrastructure
                .enisOf(infrastructure.nodes().firstEntry().getValue())
                .size();
    }
}
