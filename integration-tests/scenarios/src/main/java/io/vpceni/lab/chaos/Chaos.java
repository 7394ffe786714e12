package io.vpceni.lab.chaos;

import io.vpceni.lab.churn.ChurnCounts;
import io.vpceni.lab.churn.KillableIpamd;
import io.vpceni.lab.churn.LongConnection;
import io.vpceni.lab.churn.PodRecords;
import io.vpceni.lab.ec2.Ec2Emulation;
import io.vpceni.lab.machine.LabResources;
import io.vpceni.lab.node.PodSandbox;
import io.vpceni.lab.site.HostSnapshot;
import io.vpceni.lab.site.Site;
import io.vpceni.lab.site.SiteNode;
import io.vpceni.lab.site.SitePod;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// The chaos scenario: several nodes, with all faults at once.
public final class Chaos {
    private static final int STAYERS = 2; // on each node; created first, so they are on its primary ENI
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(8);
    private static final Duration WAVE_EVERY = Duration.ofSeconds(15);
    private static final Duration HAND_EVERY = Duration.ofSeconds(25);
    private static final Duration SKY_MIN = Duration.ofSeconds(6);
    private static final Duration SKY_MAX = Duration.ofSeconds(40);
    private static final Duration TIDY_MAX = Duration.ofSeconds(30);
    private static final Duration SILENCE_MAX = Duration.ofSeconds(5);

    private final ChaosPlan plan;
    private final SplittableRandom random;
    private final InstantSource time;
    private final LongSupplier nanoTime;
    private final Consumer<String> out;
    private final PodRecords ledger = new PodRecords(ChaosPlan.COOLDOWN);
    private final CountDownLatch stop = new CountDownLatch(1);
    private final CountDownLatch never = new CountDownLatch(1);
    private final SortedMap<String, Long> scenarios = new TreeMap<>();
    private int told;

    /// @param out takes one line at a time
    public Chaos(ChaosPlan plan, InstantSource time, LongSupplier nanoTime, Consumer<String> out) {
        this.plan = plan;
        this.random = new SplittableRandom(plan.seed());
        this.time = time;
        this.nanoTime = nanoTime;
        this.out = out;
    }

    /// Starts the lab, runs the scenario, compares the records, ends the lab.
    ///
    /// @param resources fresh; closed at the end in any case
    public ChaosReport run(LabResources resources, HostSnapshot before) throws IOException, InterruptedException {
        ChaosReport report;
        try (resources;
                Site site = Site.put(resources, plan.site(), time, nanoTime, out)) {
            report = chaos(resources, site);
        }
        HostSnapshot after = HostSnapshot.look(resources.lab());
        List<String> own = after.ownDifferencesTo(before);
        List<String> others = new ArrayList<>(after.differencesTo(before));
        others.removeAll(own);
        others.forEach(other -> out.accept("changed on this machine, by whomever: " + other));
        return report.withLeftOnMachine(own);
    }

    private ChaosReport chaos(LabResources resources, Site site) throws IOException, InterruptedException {
        Ec2Emulation emulation = site.infrastructure().embedded();
        emulation.faults().reseed(plan.seed());
        KillWindows windows = new KillWindows(emulation.calls());
        NodeCalls calls = new NodeCalls(emulation.calls());
        List<ChaosNode> nodes = new ArrayList<>();
        for (SiteNode node : site.nodes().values()) {
            nodes.add(settle(resources, site, node));
        }
        List<PodSandbox> stayers =
                nodes.stream().flatMap(node -> node.stayers().stream()).toList();
        Inspector inspector = new Inspector(site, emulation, ledger, nanoTime);
        List<LongConnection> flows = new ArrayList<>();
        try (OutOfBandChanges hand = new OutOfBandChanges(
                emulation,
                site.infrastructure().administrator(),
                List.copyOf(site.nodes().values()),
                ledger,
                addresses(stayers),
                random.split(),
                nanoTime)) {
            for (int i = 0; i < stayers.size(); i++) {
                flows.add(LongConnection.between(
                        stayers.get(i), stayers.get((i + 1) % stayers.size()), ledger, nanoTime));
            }
            List<Thread> others = new ArrayList<>();
            for (ChaosNode node : nodes) {
                others.addAll(node.churn(stayers, ledger, stop, random.split(), nanoTime));
                others.add(reap(node, windows));
            }
            long begun = nanoTime.getAsLong();
            storm(site, emulation, nodes, hand, inspector, calls);
            long seconds = TimeUnit.NANOSECONDS.toSeconds(nanoTime.getAsLong() - begun);
            settle(emulation, hand, others, nodes);
            long settled = nanoTime.getAsLong();
            judge(nodes, flows, inspector);
            out.accept("compared for " + TimeUnit.NANOSECONDS.toSeconds(nanoTime.getAsLong() - settled) + " s");
            calls.read();
            ChaosReport report = report(emulation, nodes, windows, hand, inspector, calls, flows, seconds);
            end(site, nodes, flows);
            return report;
        } finally {
            stop.countDown();
            for (LongConnection flow : flows) {
                flow.close();
            }
        }
    }

    private ChaosNode settle(LabResources resources, Site site, SiteNode node) throws IOException {
        List<PodSandbox> stayers = new ArrayList<>();
        for (int number = 1; number <= STAYERS; number++) {
            SitePod pod = site.addPod(node, "stays-" + node.name().substring("node-".length()) + "-" + number);
            if (pod.deviceIndex() != 0) {
                throw new IOException(pod.name() + " is on a secondary ENI, where a hand could take it away");
            }
            stayers.add(pod.sandbox());
            ledger.given(pod.address(), pod.name(), nanoTime.getAsLong());
        }
        KillableIpamd ipamd = new KillableIpamd(resources, site, plan.site(), node, nanoTime);
        return new ChaosNode(node, ipamd, stayers, new ChurnCounts(), new AtomicInteger(ChaosNode.CHURNERS / 2));
    }

    private Thread reap(ChaosNode node, KillWindows windows) {
        WindowKiller reaper =
                new WindowKiller(node.node(), node.ipamd(), node.tally(), windows, ledger, stop, random.split());
        return Thread.ofPlatform().name("reaper-" + node.node().name()).daemon().start(reaper::run);
    }

    private void storm(
            Site site,
            Ec2Emulation emulation,
            List<ChaosNode> nodes,
            OutOfBandChanges hand,
            Inspector inspector,
            NodeCalls calls)
            throws IOException, InterruptedException {
        FaultSchedule sequence = new FaultSchedule(List.copyOf(site.nodes().keySet()), random.split());
        Duration scenarioLasts = clipped(plan.lasts().dividedBy(sequence.kinds()));
        Intervals rhythm = new Intervals(nanoTime);
        long ticks = plan.lasts().dividedBy(TICK);
        String scenario = "";
        for (long tick = 0; tick < ticks; tick++) {
            if (rhythm.isDue("scenario", scenarioLasts)) {
                FaultScenario next = sequence.next();
                emulation.faults().replace(next.rules());
                scenario = next.name();
                tellScenario(tick, scenario, nodes);
            }
            scenarios.merge(scenario, TICK.toSeconds(), Long::sum);
            if (rhythm.isDue("wave", WAVE_EVERY)) {
                nodes.forEach(node -> node.wave().set(random.nextInt(ChaosNode.CHURNERS + 1)));
            }
            if (tick > 0 && rhythm.isDue("hand", HAND_EVERY)) {
                hand.meddle();
            }
            tellFindings();
            if (rhythm.isDue("look", LOOK_EVERY)) {
                hand.tidyUp();
                inspector.look();
                calls.read();
            }
            boolean _ = never.await(TICK.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void tellScenario(long second, String scenario, List<ChaosNode> nodes) {
        long pods = nodes.stream().mapToLong(node -> node.tally().podsAdded()).sum();
        int findings = ledger.findings().size();
        out.accept(String.format(Locale.ROOT, "%4d s  %-40s %6d pods, %d findings", second, scenario, pods, findings));
    }

    /// Printed when they occur, so that they can be compared with the nodes' logs.
    private void tellFindings() {
        List<String> findings = ledger.findings();
        findings.subList(told, findings.size()).forEach(finding -> out.accept("  FOUND  " + finding));
        told = findings.size();
    }

    private static Duration clipped(Duration wanted) {
        if (wanted.compareTo(SKY_MIN) < 0) {
            return SKY_MIN;
        }
        return wanted.compareTo(SKY_MAX) > 0 ? SKY_MAX : wanted;
    }

    /// Ends faults, kills and out-of-band changes, and deletes the pods that come and go.
    private void settle(Ec2Emulation emulation, OutOfBandChanges hand, List<Thread> others, List<ChaosNode> nodes)
            throws IOException, InterruptedException {
        out.accept("the faults end");
        emulation.faults().clear();
        stop.countDown();
        for (Thread other : others) {
            other.join();
        }
        for (ChaosNode node : nodes) {
            node.ipamd().awaitReady();
        }
        for (long waited = 0; waited < TIDY_MAX.toSeconds() && !hand.isTidy(); waited++) {
            boolean _ = never.await(TICK.toMillis(), TimeUnit.MILLISECONDS);
            hand.tidyUp();
        }
    }

    private void judge(List<ChaosNode> nodes, List<LongConnection> flows, Inspector inspector)
            throws IOException, InterruptedException {
        for (LongConnection flow : flows) {
            if (flow.longest().compareTo(SILENCE_MAX) > 0) {
                ledger.find("an echo took " + flow.longest().toMillis() + " ms");
            }
        }
        Map<SiteNode, List<PodSandbox>> stayers = new LinkedHashMap<>();
        nodes.forEach(node -> stayers.put(node.node(), node.stayers()));
        inspector.judge(stayers);
    }

    private static void end(Site site, List<ChaosNode> nodes, List<LongConnection> flows) throws IOException {
        for (LongConnection flow : flows) {
            flow.close();
        }
        for (SitePod pod : site.pods()) {
            site.deletePod(pod);
        }
        for (ChaosNode node : nodes) {
            node.ipamd().end();
        }
    }

    private ChaosReport report(
            Ec2Emulation emulation,
            List<ChaosNode> nodes,
            KillWindows windows,
            OutOfBandChanges hand,
            Inspector inspector,
            NodeCalls calls,
            List<LongConnection> flows,
            long seconds) {
        SortedMap<String, Long> failures = new TreeMap<>();
        List<ChurnCounts> tallies = nodes.stream().map(ChaosNode::tally).toList();
        tallies.forEach(tally -> tally.failures().forEach((reason, times) -> failures.merge(reason, times, Long::sum)));
        return new ChaosReport(
                plan.seed(),
                nodes.size(),
                seconds,
                tallies.stream().mapToLong(ChurnCounts::podsAdded).sum(),
                tallies.stream().mapToLong(ChurnCounts::podsDeleted).sum(),
                nodes.size() * STAYERS,
                tallies.stream().mapToLong(ChurnCounts::podsExcused).sum(),
                failures,
                tallies.stream()
                        .mapToLong(tally -> tally.longestWait().toMillis())
                        .max()
                        .orElse(0),
                tallies.stream()
                        .mapToLong(tally -> tally.slowestAdd().toMillis())
                        .max()
                        .orElse(0),
                scenarios,
                emulation.faults().happened(),
                hand.done(),
                windows.kills(),
                inspector.looks(),
                inspector.addressesSeen(),
                calls.byAction(),
                calls.refusals(),
                inspector.left(),
                flows.stream().mapToLong(LongConnection::echoes).sum(),
                flows.stream()
                        .mapToLong(flow -> flow.longest().toMillis())
                        .max()
                        .orElse(0),
                ledger.findings());
    }

    private static Set<InetAddress> addresses(List<PodSandbox> pods) {
        Set<InetAddress> addresses = new HashSet<>();
        pods.forEach(pod -> addresses.add(pod.address()));
        return addresses;
    }
}
