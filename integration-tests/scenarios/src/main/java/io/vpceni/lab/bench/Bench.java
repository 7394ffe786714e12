package io.vpceni.lab.bench;

import io.vpceni.lab.ec2.model.Ec2Delays;
import io.vpceni.lab.machine.LabResources;
import io.vpceni.lab.site.LabInfrastructure;
import io.vpceni.lab.site.SitePlan;
import io.vpceni.lab.world.WorldPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// The whole benchmark, on one node of a large instance type, with an EC2 that answers at once.
public final class Bench {
    private static final int PARALLEL = 16;
    private static final int PAIRS_AT_ONCE = 200; // pairs per batch; its addresses cool down while the next batch runs
    private static final String INSTANCE_TYPE = "m5.16xlarge"; // 15 ENIs of 50 addresses

    private final BenchSizes sizes;
    private final Path plugin;
    private final Path floor;
    private final Consumer<String> progress;
    private final BenchNode node;
    private final ExecDriver driver;
    private final List<SeriesResult> series = new ArrayList<>();
    private int pairs;

    private Bench(BenchSizes sizes, Path home, BenchNode node, ExecDriver driver, Consumer<String> progress) {
        this.sizes = sizes;
        this.plugin = plugin(home);
        this.floor = built(home, "noop");
        this.node = node;
        this.driver = driver;
        this.progress = progress;
    }

    /// Starts the node, measures, and ends everything but the resources, which the caller closes.
    ///
    /// @param home the project's directory, built
    /// @param progress takes one line as each series begins
    public static BenchReport run(
            LabResources resources,
            Path home,
            BenchSizes sizes,
            InstantSource time,
            LongSupplier nanoTime,
            Consumer<String> progress)
            throws IOException {
        for (Path needed : List.of(plugin(home), built(home, "execbench"), built(home, "noop"))) {
            if (!Files.isExecutable(needed)) {
                throw new IOException(needed + " is not built; ./lab builds it");
            }
        }
        SitePlan plan = SitePlan.of(resources.lab(), home, 1)
                .withDelays(Ec2Delays.none(), Duration.ZERO)
                .withWorld(WorldPlan.ofNodes(1).withInstanceType(INSTANCE_TYPE))
                .withIpamdSettings(Map.of(
                        // All ENIs and addresses of the instance, so that no series waits for EC2, and a short
                        // cooldown.
                        "WARM_IP_TARGET", Integer.toString(sizes.sandboxes()), "IP_COOLDOWN_PERIOD", "1"));
        try (LabInfrastructure infrastructure = LabInfrastructure.prepare(resources, plan, time, nanoTime, progress);
                BenchNode node = new BenchNode(resources, plan, infrastructure, plugin(home), nanoTime)) {
            ExecDriver driver = new ExecDriver(built(home, "execbench"), resources.directory());
            return new Bench(sizes, home, node, driver, progress).measure();
        }
    }

    private static Path plugin(Path home) {
        return home.resolve("cni-binary/target/vpc-eni");
    }

    private static Path built(Path home, String program) {
        return home.resolve("integration-tests/scenarios/target/bench").resolve(program);
    }

    private BenchReport measure() throws IOException {
        long readyMs = node.readyMs();
        progress.accept("making " + sizes.sandboxes() + " network namespaces, and waiting for a warm pool");
        node.prepareSandboxes(sizes.sandboxes());
        node.awaitAssignable(Math.min(sizes.sandboxes(), BenchSizes.ADDRESSES_MAX));

        series("floor", 1, Collections.nCopies(sizes.calls(), new Job(List.of(), "")), floor);
        series("version", 1, Collections.nCopies(sizes.calls(), node.versionJob()), plugin);
        addAndDelete("add-1", "del-1", 1, sizes.oneByOne());
        addAndDelete("add-16", "del-16", PARALLEL, sizes.atOnce());

        int restoredPods = 0;
        long restartReadyMs = 0;
        int present = 0;
        node.awaitAssignable(sizes.sandboxes());
        for (int level : sizes.levels()) {
            quietly("ADD", present, level);
            if (level > 0 && restoredPods == 0) {
                progress.accept("restarting ipamd with " + level + " pods");
                restartReadyMs = node.restart();
                restoredPods = level;
                node.awaitAssignable(sizes.sandboxes() - level);
            }
            series("add-1@" + level, 1, node.jobs("ADD", level, level + sizes.perLevel()), plugin);
            present = level + sizes.perLevel();
        }
        quietly("DEL", 0, present);
        pairs += present;
        morePairs();
        return new BenchReport(series, new IpamdFigures(readyMs, node.rssKb(), restoredPods, restartReadyMs, pairs));
    }

    private void addAndDelete(String add, String delete, int concurrency, int pods) throws IOException {
        node.awaitAssignable(pods);
        series(add, concurrency, node.jobs("ADD", 0, pods), plugin);
        series(delete, concurrency, node.jobs("DEL", 0, pods), plugin);
        pairs += pods;
    }

    private void series(String name, int concurrency, List<Job> jobs, Path program) throws IOException {
        progress.accept("series " + name + ": " + jobs.size() + " executions, " + concurrency + " at a time");
        List<Execution> executions = execute(concurrency, jobs, program);
        series.add(SeriesResult.of(name, executions));
        executions.stream()
                .filter(execution -> !execution.succeeded())
                .findFirst()
                .ifPresent(failed -> progress.accept("  the first that failed said: " + failed.answer()));
    }

    /// Not measured: prepares the node for the next series.
    private void quietly(String command, int from, int to) throws IOException {
        for (Execution execution : execute(PARALLEL, node.jobs(command, from, to), plugin)) {
            if (!execution.succeeded()) {
                throw new IOException(command + " of a pod between two series failed: " + execution.answer());
            }
        }
    }

    private void morePairs() throws IOException {
        if (pairs < sizes.pairs()) {
            progress.accept("ADD and DEL until " + sizes.pairs() + " pairs are done");
        }
        while (pairs < sizes.pairs()) {
            int batch = Math.min(Math.min(PAIRS_AT_ONCE, sizes.sandboxes()), sizes.pairs() - pairs);
            node.awaitAssignable(batch);
            quietly("ADD", 0, batch);
            quietly("DEL", 0, batch);
            pairs += batch;
        }
    }

    private List<Execution> execute(int concurrency, List<Job> jobs, Path program) throws IOException {
        return driver.run(
                List.of("--netns", node.namespace().path().toString()), concurrency, jobs, List.of(program.toString()));
    }
}
