package io.vpceni.lab.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vpceni.config.Count;
import io.vpceni.lab.backend.FabricEni;
import io.vpceni.lab.ec2.CallLog;
import io.vpceni.lab.machine.LabResources;
import io.vpceni.lab.node.RuntimeCniFailure;
import io.vpceni.lab.site.Ec2Choice;
import io.vpceni.lab.site.HostSnapshot;
import io.vpceni.lab.site.IntrospectionClient;
import io.vpceni.lab.site.Site;
import io.vpceni.lab.site.SiteNode;
import io.vpceni.lab.site.SitePlan;
import io.vpceni.lab.site.SitePod;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// The main job of the lab: the product on a VPC that loses every packet that a real one would lose.
public final class Demo {
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final int TRY_AGAIN_LATER = 11;
    private static final int ADDS_MAX = 6; // each waits half a minute for an address

    private final SitePlan plan;
    private final OptionalInt podsWanted;
    private final InstantSource time;
    private final LongSupplier nanoTime;
    private final Consumer<String> out;
    private final Checks checks;
    private final List<DemoRecord.Pod> rows = new ArrayList<>();
    private final Pairs pairs = new Pairs();
    private final Instant began;
    private List<DemoRecord.RecordedNode> enis = List.of();
    private List<CallLog.Call> calls = List.of();
    private final long begun;
    private int retries;

    /// What came of the demo.
    ///
    /// @param json the same for programs: pods, checks and counts
    /// @param junit the checks as JUnit's XML
    /// @param page all of it as one HTML page
    public record Result(long passed, long failed, String json, String junit, String page) {}

    /// @param podsWanted on each node; empty for as many as suit its type: six, or more if it takes more to need a
    ///     second ENI
    /// @param out takes one line at a time
    public Demo(
            SitePlan plan, OptionalInt podsWanted, InstantSource time, LongSupplier nanoTime, Consumer<String> out) {
        this.plan = plan;
        this.podsWanted = podsWanted;
        this.time = time;
        this.nanoTime = nanoTime;
        this.out = out;
        this.checks = new Checks(out, nanoTime);
        this.begun = nanoTime.getAsLong();
        this.began = time.instant();
    }

    /// Puts up the lab, tries it, takes it down. A failed check is in the result; what cannot even be put up
    /// throws.
    ///
    /// @param resources fresh; closed at the end in any case
    public Result run(LabResources resources, HostSnapshot before) throws IOException {
        say("a VPC on this machine with " + title());
        try (resources) {
            Site site = Site.put(resources, plan, time, nanoTime, this::say);
            try {
                NodeCapacity room =
                        new NodeCapacity(site.infrastructure().world().limits(), plan.prefixes());
                int podsPerNode = podsPerNode(room);
                addPods(site, podsPerNode);
                out.accept("");
                new Ec2Checks(site, room, podsPerNode).run(checks);
                new Traffic(site, pairs).run(checks);
                enis = lookAtEnis(site);
                new NegativeChecks(site).run(checks);
                tellFaults(site);
                checks.check("a deleted pod's address cools before it is given again", () -> cools(site));
            } finally {
                calls = calls(site);
                checks.check("pods, ipamd and EC2 end when they are told to", () -> {
                    site.close();
                    return "all of them";
                });
            }
        }
        checks.check("nothing is left on the machine", () -> {
            List<String> differences = HostSnapshot.look(resources.lab()).differencesTo(before);
            Checks.require(differences.isEmpty(), String.join("; ", differences));
            return "namespaces, links, rules, routes, nft, processes and files are as before";
        });
        table();
        say(checks.passed() + " passed, " + checks.failed() + " failed");
        DemoRecord record = record();
        return new Result(
                checks.passed(),
                checks.failed(),
                json(),
                new JunitReport(record).write(),
                new RecordPage(record).write());
    }

    private String title() {
        return Count.of(plan.world().nodeCount(), "node") + " of "
                + plan.world().instanceType() + ", EC2: "
                + plan.ec2().name().toLowerCase(Locale.ROOT)
                + (plan.prefixes() ? ", prefixes" : "")
                + (plan.faults().isEmpty() ? "" : ", in a storm");
    }

    private DemoRecord record() {
        return new DemoRecord(
                title(),
                began,
                Duration.ofNanos(nanoTime.getAsLong() - begun),
                checks.outcomes(),
                enis,
                rows,
                pairs.all(),
                calls);
    }

    private static List<DemoRecord.RecordedNode> lookAtEnis(Site site) {
        List<DemoRecord.RecordedNode> nodes = new ArrayList<>();
        for (SiteNode node : site.nodes().values()) {
            List<DemoRecord.RecordedEni> attached = site.infrastructure().enisOf(node.vpcNode()).values().stream()
                    .sorted(Comparator.comparingInt(FabricEni::deviceIndex))
                    .map(eni -> new DemoRecord.RecordedEni(
                            eni.eniId(),
                            eni.deviceIndex(),
                            eni.addresses().stream()
                                    .map(InetAddress::getHostAddress)
                                    .toList()))
                    .toList();
            nodes.add(new DemoRecord.RecordedNode(node.name(), node.vpcNode().instanceId(), attached));
        }
        return nodes;
    }

    private List<CallLog.Call> calls(Site site) throws IOException {
        return plan.ec2() == Ec2Choice.EMBEDDED
                ? site.infrastructure().embedded().calls().all()
                : List.of();
    }

    private int podsPerNode(NodeCapacity room) throws IOException {
        int pods = podsWanted.orElse(room.podsThatSuit());
        if (pods > room.podsPerNode()) {
            throw new IOException(pods + " pods are more than a node of "
                    + plan.world().instanceType() + " has addresses for: " + room.podsPerNode());
        }
        return pods;
    }

    /// While faults happen an ADD may be told to try again, which the kubelet does.
    private SitePod addPod(Site site, SiteNode node, String name) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return site.addPod(node, name);
            } catch (RuntimeCniFailure e) {
                if (plan.faults().isEmpty() || e.code() != TRY_AGAIN_LATER || attempt == ADDS_MAX) {
                    throw e;
                }
                retries++;
            }
        }
    }

    private void addPods(Site site, int podsPerNode) throws IOException {
        for (int number = 1; number <= podsPerNode; number++) {
            for (SiteNode node : site.nodes().values()) {
                SitePod pod = addPod(site, node, "pod-" + node.name().replace("node-", "") + "-" + number);
                rows.add(new DemoRecord.Pod(
                        pod.name(),
                        node.name(),
                        pod.address().getHostAddress(),
                        pod.eniId(),
                        pod.deviceIndex(),
                        (double) pod.sandbox().added().toNanos() / NANOS_PER_MILLI));
            }
        }
        say(Count.of(rows.size(), "pod") + " with addresses of the VPC, on "
                + Count.of(rows.stream().map(DemoRecord.Pod::eni).distinct().count(), "ENI"));
    }

    private void tellFaults(Site site) throws IOException {
        if (!plan.faults().isEmpty()) {
            List<String> kinds = new ArrayList<>();
            site.infrastructure()
                    .embedded()
                    .faults()
                    .happened()
                    .forEach((kind, times) -> kinds.add(times + " " + kind));
            say("faults that happened meanwhile: " + String.join(", ", kinds) + "; ADDs tried again: " + retries);
        }
    }

    private String cools(Site site) throws IOException {
        SitePod pod = site.pods().getLast();
        InetAddress address = pod.address();
        site.deletePod(pod);
        String state = IntrospectionClient.stateOf(pod.node(), address);
        Checks.require("cooling".equals(state), address.getHostAddress() + " is '" + state + "' after DEL");
        SitePod next = addPod(site, pod.node(), pod.name() + "-next");
        Checks.require(!next.address().equals(address), address.getHostAddress() + " was given out again at once");
        site.deletePod(next);
        return address.getHostAddress() + " cools, the next pod got "
                + next.address().getHostAddress();
    }

    private void table() {
        out.accept("");
        out.accept(String.format(
                Locale.ROOT, "  %-12s %-8s %-16s %-22s %-6s %9s", "POD", "NODE", "ADDRESS", "ENI", "DEVICE", "ADD ms"));
        for (DemoRecord.Pod row : rows) {
            out.accept(String.format(
                    Locale.ROOT,
                    "  %-12s %-8s %-16s %-22s %6d %9.1f",
                    row.name(),
                    row.node(),
                    row.address(),
                    row.eni(),
                    row.deviceIndex(),
                    row.addMillis()));
        }
        out.accept("");
    }

    private void say(String what) {
        double seconds = (double) (nanoTime.getAsLong() - begun) / NANOS_PER_MILLI / 1000;
        out.accept(String.format(Locale.ROOT, "%6.1f s  %s", seconds, what));
    }

    private String json() {
        ObjectNode root = new ObjectMapper().createObjectNode();
        root.put("passed", checks.passed()).put("failed", checks.failed());
        root.put("ec2", plan.ec2().name().toLowerCase(Locale.ROOT));
        root.put("millis", (nanoTime.getAsLong() - begun) / NANOS_PER_MILLI);
        ArrayNode outcomes = root.putArray("checks");
        for (Checks.Outcome outcome : checks.outcomes()) {
            outcomes.addObject()
                    .put("name", outcome.name())
                    .put("passed", outcome.passed())
                    .put("detail", outcome.detail())
                    .put("millis", outcome.millis());
        }
        ArrayNode pods = root.putArray("pods");
        for (DemoRecord.Pod row : rows) {
            pods.addObject()
                    .put("name", row.name())
                    .put("node", row.node())
                    .put("address", row.address())
                    .put("eni", row.eni())
                    .put("deviceIndex", row.deviceIndex())
                    .put("addMillis", row.addMillis());
        }
        return root.toPrettyString() + "\n";
    }
}
