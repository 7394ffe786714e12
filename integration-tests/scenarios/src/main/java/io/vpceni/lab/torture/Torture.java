package io.vpceni.lab.torture;

import io.vpceni.lab.churn.Await;
import io.vpceni.lab.churn.Churn;
import io.vpceni.lab.churn.ChurnCounts;
import io.vpceni.lab.churn.KillableIpamd;
import io.vpceni.lab.churn.LongConnection;
import io.vpceni.lab.churn.PodRecords;
import io.vpceni.lab.churn.StateDiff;
import io.vpceni.lab.machine.LabResources;
import io.vpceni.lab.node.CniRuntime;
import io.vpceni.lab.node.PodSandbox;
import io.vpceni.lab.site.EchoServer;
import io.vpceni.lab.site.HostSnapshot;
import io.vpceni.lab.site.Site;
import io.vpceni.lab.site.SiteNode;
import io.vpceni.lab.site.SitePlan;
import io.vpceni.lab.site.SitePod;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/// One node whose ipamd is killed repeatedly. Some pods stay and exchange traffic, others come and go; at the end
/// the records of EC2, of the kernel, of ipamd and of this program must agree.
public final class Torture {
    private static final int STAYERS = 6;
    private static final int CHURNERS = 3;
    private static final Duration COOLDOWN = Duration.ofSeconds(5);
    private static final Duration SETTLED_MAX = Duration.ofSeconds(150); // two checks of the kernel, and a margin
    private static final Duration LIFE_MAX = Duration.ofMillis(800);
    private static final Duration SILENCE_MAX = Duration.ofSeconds(3); // on a machine under load

    private final SitePlan plan;
    private final int kills;
    private final SplittableRandom random;
    private final InstantSource time;
    private final LongSupplier nanoTime;
    private final Consumer<String> out;
    private final PodRecords ledger = new PodRecords(COOLDOWN);
    private final ChurnCounts tally = new ChurnCounts();
    private final CountDownLatch stop = new CountDownLatch(1);

    /// @param plan one node is enough
    /// @param kills 1 or more
    /// @param seed of all random choices; the interleaving is not deterministic
    /// @param out takes one line at a time
    public Torture(
            SitePlan plan, int kills, long seed, InstantSource time, LongSupplier nanoTime, Consumer<String> out) {
        this.plan = plan.withIpamdSetting("IP_COOLDOWN_PERIOD", Long.toString(COOLDOWN.toSeconds()));
        this.kills = kills;
        this.random = new SplittableRandom(seed);
        this.time = time;
        this.nanoTime = nanoTime;
        this.out = out;
    }

    /// Starts the lab, runs the scenario, compares the records, ends the lab.
    ///
    /// @param resources fresh; closed at the end in any case
    /// @return the violations; empty: passed
    public List<String> run(LabResources resources, HostSnapshot before) throws IOException, InterruptedException {
        long begun = nanoTime.getAsLong();
        try (resources;
                Site site = Site.put(resources, plan, time, nanoTime, out)) {
            torture(resources, site);
        }
        HostSnapshot.look(resources.lab()).differencesTo(before).forEach(left -> ledger.find("left behind: " + left));
        out.accept(row("seconds in all", TimeUnit.NANOSECONDS.toSeconds(nanoTime.getAsLong() - begun)));
        List<String> findings = ledger.findings();
        findings.forEach(finding -> out.accept("  FOUND  " + finding));
        out.accept(
                findings.isEmpty()
                        ? "No address lost, none twice, no traffic of a pod that stays interrupted."
                        : findings.size() + " findings");
        return findings;
    }

    private void torture(LabResources resources, Site site) throws IOException, InterruptedException {
        SiteNode node = site.nodes().firstEntry().getValue();
        List<PodSandbox> stayers = new ArrayList<>();
        for (int number = 1; number <= STAYERS; number++) {
            SitePod pod = site.addPod(node, "stays-" + number);
            stayers.add(pod.sandbox());
            ledger.given(pod.address(), pod.name(), nanoTime.getAsLong());
        }
        KillableIpamd ipamd = new KillableIpamd(resources, site, plan, node, nanoTime);
        Killer killer = new Killer(ipamd, random.split());
        List<LongConnection> flows = new ArrayList<>();
        try {
            for (int i = 0; i < STAYERS; i++) {
                flows.add(LongConnection.between(stayers.get(i), stayers.get((i + 1) % STAYERS), ledger, nanoTime));
            }
            List<Thread> churners = churn(ipamd.runtime(), stayers);
            for (int kill = 1; kill <= kills; kill++) {
                killer.kill();
                if (kill % 20 == 0) {
                    out.accept(kill + " kills, " + tally.podsAdded() + " pods, "
                            + ledger.findings().size() + " findings");
                }
            }
            ipamd.awaitReady();
            stop.countDown();
            for (Thread churner : churners) {
                churner.join();
            }
            judge(site, node, stayers, flows);
            table(killer, ipamd.readyAfter(), flows);
            for (LongConnection flow : flows) {
                flow.close();
            }
            for (SitePod pod : site.pods()) {
                site.deletePod(pod);
            }
            ipamd.end();
        } finally {
            stop.countDown();
            for (LongConnection flow : flows) {
                flow.close();
            }
        }
    }

    private List<Thread> churn(CniRuntime runtime, List<PodSandbox> stayers) {
        Churn.Terms terms = new Churn.Terms(runtime, stayers, LIFE_MAX, Duration.ZERO, _ -> false);
        return IntStream.range(0, CHURNERS)
                .mapToObj(number -> new Churn("c" + number, terms, ledger, tally, stop, random.split(), nanoTime))
                .map(churn -> Thread.ofPlatform().name("churn").daemon().start(() -> churn.run(_ -> true)))
                .toList();
    }

    private void judge(Site site, SiteNode node, List<PodSandbox> stayers, List<LongConnection> flows)
            throws IOException, InterruptedException {
        SortedSet<String> expected =
                StateDiff.texts(stayers.stream().map(PodSandbox::address).toList());
        for (LongConnection flow : flows) {
            if (flow.longest().compareTo(SILENCE_MAX) > 0) {
                ledger.find("an echo took " + flow.longest().toMillis() + " ms");
            }
        }
        for (PodSandbox from : stayers) {
            for (PodSandbox to : stayers) {
                InetAddress _ = EchoServer.ask(from.namespace(), to.address(), Duration.ofSeconds(5));
            }
        }
        Await settled = new Await(SETTLED_MAX, ledger, nanoTime);
        settled.await("ipamd's pods", expected, () -> StateDiff.podsOfIpamd(node));
        settled.await(
                "addresses of ipamd and of EC2: the same", new TreeSet<>(), () -> StateDiff.onlyOneHas(site, node));
        settled.await("disputed", new TreeSet<>(), () -> StateDiff.disputed(node));
        settled.await("rules of the kernel", expected, () -> StateDiff.podsOfRules(node));
    }

    private void table(Killer killer, List<Duration> ready, List<LongConnection> flows) {
        out.accept("");
        out.accept(row("ipamd killed while it served", killer.whileServing()));
        out.accept(row("ipamd killed within 1.5 s of its start", killer.whileStarting()));
        out.accept(
                row("ready again after, median, ms", ready.get(ready.size() / 2).toMillis()));
        out.accept(row("ready again after, longest, ms", ready.getLast().toMillis()));
        out.accept(row("pods added", tally.podsAdded()));
        out.accept(row("ADDs that were told to try again", tally.podsRefused()));
        out.accept(row("slowest ADD, ms", tally.slowestAdd().toMillis()));
        out.accept(row("pods deleted", tally.podsDeleted()));
        out.accept(row("pods that stayed", STAYERS));
        out.accept(row(
                "echoes between them",
                flows.stream().mapToLong(LongConnection::echoes).sum()));
        out.accept(row(
                "longest echo, ms",
                flows.stream()
                        .mapToLong(flow -> flow.longest().toMillis())
                        .max()
                        .orElse(0)));
        out.accept(row("addresses given", ledger.given()));
    }

    private static String row(String what, long value) {
        return String.format(Locale.ROOT, "  %-45s %10d", what, value);
    }
}
