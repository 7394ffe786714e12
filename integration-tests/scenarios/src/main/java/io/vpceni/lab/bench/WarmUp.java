package io.vpceni.lab.bench;

import io.vpceni.lab.ec2.CallLog;
import io.vpceni.lab.ec2.model.Ec2Delays;
import io.vpceni.lab.machine.LabResources;
import io.vpceni.lab.site.LabInfrastructure;
import io.vpceni.lab.site.SitePlan;
import io.vpceni.lab.world.WorldPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// The calls to EC2 that a fresh node makes, from the start of ipamd until its pool wants nothing more.
public final class WarmUp {
    private final Path home;
    private final String instanceType;
    private final InstantSource time;
    private final LongSupplier nanoTime;
    private final Consumer<String> progress;

    /// What came of it.
    ///
    /// @param calls to EC2 by name
    /// @param enis attached in the end
    /// @param addresses that pods could have then
    public record Result(SortedMap<String, Long> calls, int enis, int addresses) {
        public Result {
            calls = new TreeMap<>(calls);
        }
    }

    /// @param home the project's directory, built
    public WarmUp(
            Path home, String instanceType, InstantSource time, LongSupplier nanoTime, Consumer<String> progress) {
        this.home = home;
        this.instanceType = instanceType;
        this.time = time;
        this.nanoTime = nanoTime;
        this.progress = progress;
    }

    /// @param resources the caller's to close
    /// @param settings of ipamd, none for its defaults
    public Result run(LabResources resources, SortedMap<String, String> settings) throws IOException {
        SitePlan plan = SitePlan.of(resources.lab(), home, 1)
                .withDelays(Ec2Delays.realistic(), Duration.ofMillis(300))
                .withWorld(WorldPlan.ofNodes(1).withInstanceType(instanceType))
                .withIpamdSettings(settings);
        Path plugin = home.resolve("cni-binary/target/vpc-eni");
        try (LabInfrastructure infrastructure = LabInfrastructure.prepare(resources, plan, time, nanoTime, progress)) {
            CallLog log = infrastructure.embedded().calls();
            long mark = log.lastNumber();
            try (BenchNode node = new BenchNode(resources, plan, infrastructure, plugin, nanoTime)) {
                int addresses = node.awaitRest();
                int enis = infrastructure
                        .enisOf(infrastructure.nodes().firstEntry().getValue())
                        .size();
                return new Result(CallCounts.byName(log.after(mark)), enis, addresses);
            }
        }
    }
}
