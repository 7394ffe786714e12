package io.vpceni.lab.torture;

import com.fasterxml.jackson.databind.JsonNode;
import io.vpceni.lab.machine.Footprint;
import io.vpceni.lab.node.CniRuntime;
import io.vpceni.lab.node.ConfinedIpamd;
import io.vpceni.lab.node.IpamdInstallation;
import io.vpceni.lab.node.PodSandbox;
import io.vpceni.lab.site.Greeter;
import io.vpceni.lab.site.Introspected;
import io.vpceni.lab.site.Machine;
import io.vpceni.lab.site.Site;
import io.vpceni.lab.site.SiteNode;
import io.vpceni.lab.site.SitePlan;
import io.vpceni.lab.site.SitePod;
import io.vpceni.lab.world.FabricEni;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// One node whose ipamd is killed again and again. Some pods stay and talk all the time, others come and go; at the end
/// the books of EC2, of the kernel, of ipamd and of this program must agree.
public final class Torture {
    private static final int STAYERS = 6;
    private static final int CHURNERS = 3;
    private static final Duration COOLDOWN = Duration.ofSeconds(5);
    private static final Duration SETTLED_MAX = Duration.ofSeconds(150); // two looks at the kernel, and some
    private static final Duration SILENCE_MAX = Duration.ofSeconds(3); // of a machine that is busy with killing

    private final SitePlan plan;
    private final int kills;
    private final SplittableRandom random;
    private final InstantSource time;
    private final LongSupplier nanoTime;
    private final Consumer<String> out;
    private final Ledger ledger = new Ledger(COOLDOWN);
    private final Churn.Counts counts = new Churn.Counts();
    private final CountDownLatch stop = new CountDownLatch(1);
    private final CountDownLatch never = new CountDownLatch(1);

    /// @param plan one node is enough
    /// @param kills 1 or more
    /// @param seed of all chances; which of them meet, only the machine knows
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

    /// Puts up the lab, tortures it, judges, takes it down.
    ///
    /// @param footprint fresh; closed at the end in any case
    /// @return what must not have happened; empty is good
    public List<String> run(Footprint footprint, Machine before) throws IOException, InterruptedException {
        long begun = nanoTime.getAsLong();
        try (footprint;
                Site site = Site.put(footprint, plan, time, nanoTime, out)) {
            torture(footprint, site);
        }
        Machine.look(footprint.lab()).differencesTo(before).forEach(left -> ledger.find("left behind: " + left));
        out.accept(row("seconds in all", TimeUnit.NANOSECONDS.toSeconds(nanoTime.getAsLong() - begun)));
        List<String> findings = ledger.findings();
        findings.forEach(finding -> out.accept("  FOUND  " + finding));
        out.accept(
                findings.isEmpty()
                        ? "No address lost, none twice, no traffic of a pod that stays interrupted."
                        : findings.size() + " findings");
        return findings;
    }

    private void torture(Footprint footprint, Site site) throws IOException, InterruptedException {
        SiteNode node = site.nodes().firstEntry().getValue();
        List<PodSandbox> stayers = new ArrayList<>();
        for (int number = 1; number <= STAYERS; number++) {
            SitePod pod = site.addPod(node, "stays-" + number);
            stayers.add(pod.sandbox());
            ledger.given(pod.address(), pod.name(), nanoTime.getAsLong());
        }
        CniRuntime runtime = new CniRuntime(
                footprint,
                node.vpcNode().namespace(),
                plan.home().resolve("cni-binary/target/vpc-eni"),
                steadyConflist(footprint, node),
                nanoTime);
        Killer killer = new Killer(node.ipamd(), () -> beginAnew(footprint, site, node), random.split());
        List<Flow> flows = new ArrayList<>();
        try {
            for (int i = 0; i < STAYERS; i++) {
                flows.add(Flow.between(stayers.get(i), stayers.get((i + 1) % STAYERS), ledger, nanoTime));
            }
            List<Thread> churners = churn(runtime, stayers);
            for (int kill = 1; kill <= kills; kill++) {
                killer.kill();
                if (kill % 20 == 0) {
                    out.accept(kill + " kills, " + counts.added + " pods, "
                            + ledger.findings().size() + " findings");
                }
            }
            ConfinedIpamd last = killer.awaitReady();
            stop.countDown();
            for (Thread churner : churners) {
                churner.join();
            }
            judge(site, node, stayers, flows);
            table(killer, flows);
            for (Flow flow : flows) {
                flow.close();
            }
            for (SitePod pod : site.pods()) {
                site.deletePod(pod);
            }
            last.close();
        } finally {
            stop.countDown();
            for (Flow flow : flows) {
                flow.close();
            }
        }
    }

    private List<Thread> churn(CniRuntime runtime, List<PodSandbox> stayers) {
        return IntStream.range(0, CHURNERS)
                .mapToObj(number -> new Churn(runtime, stayers, ledger, counts, stop, random.split(), nanoTime))
                .map(churn -> Thread.ofPlatform().name("churn").daemon().start(churn::run))
                .toList();
    }

    /// ipamd's own is away while it starts in this lab, which takes it as the sign that ipamd serves.
    private static Path steadyConflist(Footprint footprint, SiteNode node) throws IOException {
        return Files.copy(node.ipamd().conflist(), footprint.directory().resolve("torture.conflist"));
    }

    private ConfinedIpamd beginAnew(Footprint footprint, Site site, SiteNode node) throws IOException {
        return ConfinedIpamd.begin(
                footprint,
                node.vpcNode().namespace(),
                node.name(),
                IpamdInstallation.built(plan.home()),
                site.ground().ec2Endpoint(),
                plan.ipamdSettings(),
                nanoTime);
    }

    private void judge(Site site, SiteNode node, List<PodSandbox> stayers, List<Flow> flows)
            throws IOException, InterruptedException {
        SortedSet<String> expected =
                texts(stayers.stream().map(PodSandbox::address).toList());
        for (Flow flow : flows) {
            if (flow.longest().compareTo(SILENCE_MAX) > 0) {
                ledger.find("an echo took " + flow.longest().toMillis() + " ms");
            }
        }
        for (PodSandbox from : stayers) {
            for (PodSandbox to : stayers) {
                InetAddress _ = Greeter.ask(from.namespace(), to.address(), Duration.ofSeconds(5));
            }
        }
        settle("ipamd's pods", expected, () -> assigned(node));
        settle("addresses of ipamd and of EC2: the same", new TreeSet<>(), () -> differences(site, node));
        settle("disputed", new TreeSet<>(), () -> disputed(node));
        settle("rules of the kernel", expected, () -> ruled(node));
    }

    private interface Look {
        SortedSet<String> look() throws IOException;
    }

    private void settle(String what, SortedSet<String> expected, Look look) throws IOException, InterruptedException {
        long begun = nanoTime.getAsLong();
        SortedSet<String> seen = look.look();
        while (!seen.equals(expected) && nanoTime.getAsLong() - begun < SETTLED_MAX.toNanos()) {
            boolean _ = never.await(500, TimeUnit.MILLISECONDS);
            seen = look.look();
        }
        if (!seen.equals(expected)) {
            ledger.find(what + ": " + seen + ", not " + expected);
        }
    }

    private static SortedSet<String> assigned(SiteNode node) throws IOException {
        SortedSet<String> addresses = new TreeSet<>();
        for (JsonNode pod :
                Introspected.get(node.vpcNode().namespace(), "/v1/pods").path("pods")) {
            addresses.add(pod.path("address").asText());
        }
        return addresses;
    }

    private static SortedSet<String> disputed(SiteNode node) throws IOException {
        SortedSet<String> addresses = new TreeSet<>();
        for (JsonNode eni :
                Introspected.get(node.vpcNode().namespace(), "/v1/enis").path("enis")) {
            for (JsonNode address : eni.path("addresses")) {
                if (address.path("state").asText().equals("disputed")) {
                    addresses.add(address.path("address").asText());
                }
            }
        }
        return addresses;
    }

    /// What only one of the two has.
    private static SortedSet<String> differences(Site site, SiteNode node) throws IOException {
        SortedSet<String> known = new TreeSet<>();
        for (JsonNode eni :
                Introspected.get(node.vpcNode().namespace(), "/v1/enis").path("enis")) {
            eni.path("addresses")
                    .forEach(address -> known.add(address.path("address").asText()));
        }
        SortedSet<String> listed = new TreeSet<>();
        for (FabricEni eni : site.ground().enisOf(node.vpcNode()).values()) {
            listed.addAll(texts(eni.addresses().subList(1, eni.addresses().size())));
        }
        SortedSet<String> only = new TreeSet<>();
        known.stream().filter(address -> !listed.contains(address)).forEach(address -> only.add("ipamd: " + address));
        listed.stream().filter(address -> !known.contains(address)).forEach(address -> only.add("EC2: " + address));
        return only;
    }

    private static SortedSet<String> ruled(SiteNode node) throws IOException {
        return node.vpcNode()
                .namespace()
                .show("rule", "show")
                .lines()
                .filter(line -> line.startsWith("512:"))
                .map(line -> line.replaceAll(".* to ([0-9.]+) .*", "$1"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static SortedSet<String> texts(Collection<InetAddress> addresses) {
        return addresses.stream().map(InetAddress::getHostAddress).collect(Collectors.toCollection(TreeSet::new));
    }

    private void table(Killer killer, List<Flow> flows) {
        List<Duration> ready = killer.readyAfter();
        out.accept("");
        out.accept(row("ipamd killed while it served", killer.whileServing()));
        out.accept(row("ipamd killed within 1.5 s of its start", killer.whileStarting()));
        out.accept(
                row("ready again after, median, ms", ready.get(ready.size() / 2).toMillis()));
        out.accept(row("ready again after, longest, ms", ready.getLast().toMillis()));
        out.accept(row("pods added", counts.added.get()));
        out.accept(row("ADDs that were told to try again", counts.refused.get()));
        out.accept(row("slowest ADD, ms", counts.slowestAddMillis.get()));
        out.accept(row("pods deleted", counts.deleted.get()));
        out.accept(row("pods that stayed", STAYERS));
        out.accept(row(
                "echoes between them", flows.stream().mapToLong(Flow::echoes).sum()));
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
