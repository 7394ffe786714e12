package io.vpceni.lab.demo;

import io.vpceni.config.Count;
import io.vpceni.lab.machine.Namespace;
import io.vpceni.lab.site.EchoServer;
import io.vpceni.lab.site.Site;
import io.vpceni.lab.site.SiteNode;
import io.vpceni.lab.site.SitePod;
import io.vpceni.lab.vpc.DropCounts;
import io.vpceni.lab.vpc.LocalVpc;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.BiPredicate;

/// The packets that must arrive.
final class Traffic {
    private static final Duration ANSWER_MAX = Duration.ofSeconds(2);
    private static final int EXCHANGES_MAX = 1_000;

    private final Site site;
    private final Pairs pairs;

    /// @param pairs takes the pairs of pods that exchanged packets
    Traffic(Site site, Pairs pairs) {
        this.site = site;
        this.pairs = pairs;
    }

    void run(Checks checks) {
        if (site.pods().size() > site.nodes().size()) {
            checks.check(
                    "pod to pod on one node", () -> podToPod((a, b) -> a.node().equals(b.node())));
        }
        if (site.nodes().size() > 1) {
            checks.check(
                    "pod to pod across nodes",
                    () -> podToPod((a, b) -> !a.node().equals(b.node())));
        }
        checks.check("node to its own pods", this::nodeToPod);
        checks.check("pod to internet, seen there as the node's address", () -> toInternet(site.pods()));
        if (!onSecondaryEnis().isEmpty()) {
            checks.check("a pod on a secondary ENI answers out of that ENI", this::answersOutOfItsEni);
            checks.check("a pod on a secondary ENI reaches the internet too", () -> toInternet(onSecondaryEnis()));
        }
        checks.check(
                "a pod's large packets find the internet's path MTU of " + PathMtu.INTERNET
                        + ", by the answer of a router",
                () -> new PathMtu(site).of(onSecondaryEnis().isEmpty() ? site.pods() : onSecondaryEnis()));
        checks.check("the node's metadata service, version 2", this::metadataFromNodes);
        checks.check("the fabric lost nothing of all that", this::nothingLost);
    }

    private String podToPod(BiPredicate<SitePod, SitePod> wanted) throws IOException {
        int exchanges = 0;
        List<SitePod> pods = site.pods();
        int step = Math.max(1, pods.size() * pods.size() / EXCHANGES_MAX); // with many pods, only some of the pairs
        for (int i = 0; i < pods.size(); i++) {
            SitePod from = pods.get(i);
            List<SitePod> partners = pods.stream()
                    .filter(to -> !from.equals(to) && wanted.test(from, to))
                    .toList();
            for (int j = i % step; j < partners.size(); j += step) {
                SitePod to = partners.get(j);
                ask(from, to);
                exchanges++;
            }
        }
        Checks.require(exchanges > 0, "there are not enough pods to try it");
        return Count.of(exchanges, "pair") + ", each seen by its own address";
    }

    private void ask(SitePod from, SitePod to) throws IOException {
        try {
            expect(from.sandbox().namespace(), from.name(), to.address(), from.address());
        } catch (IOException e) {
            pairs.failed(from, to, String.valueOf(e.getMessage()));
            throw e;
        }
        pairs.heard(from, to);
    }

    private String nodeToPod() throws IOException {
        for (SitePod pod : site.pods()) {
            expect(pod.node().vpcNode().namespace(), pod.node().name(), pod.address(), nodeAddress(pod.node()));
        }
        return Count.of(site.pods().size(), "pod") + ", each sees its node's address";
    }

    private String toInternet(List<SitePod> pods) throws IOException {
        for (SitePod pod : pods) {
            expect(pod.sandbox().namespace(), pod.name(), LocalVpc.INTERNET_SERVER, nodeAddress(pod.node()));
        }
        return Count.of(pods.size(), "pod") + ", " + LocalVpc.INTERNET_SERVER.getHostAddress() + " sees their nodes";
    }

    private String answersOutOfItsEni() throws IOException {
        List<SitePod> pods = onSecondaryEnis();
        for (SitePod pod : pods) {
            DropCounts before = site.infrastructure().vpc().drops();
            SiteNode asker = site.nodes().values().stream()
                    .filter(node -> !node.equals(pod.node()))
                    .findFirst()
                    .orElse(pod.node());
            expect(asker.vpcNode().namespace(), asker.name(), pod.address(), nodeAddress(asker));
            long came = site.infrastructure().vpc().drops().passed().getOrDefault(pod.eniId(), 0L)
                    - before.passed().getOrDefault(pod.eniId(), 0L);
            Checks.require(
                    came > 0 || asker.equals(pod.node()),
                    pod.name() + " answered, but no packet came out of " + pod.eniId());
        }
        return Count.of(pods.size(), "pod") + ", counted on their ENIs";
    }

    private String metadataFromNodes() throws IOException {
        for (SiteNode node : site.nodes().values()) {
            String id = Metadata.get(node.vpcNode().namespace(), "instance-id", ANSWER_MAX);
            Checks.require(id.equals(node.vpcNode().instanceId()), node.name() + " is told that it is '" + id + "'");
            int status = Metadata.statusWithoutToken(node.vpcNode().namespace(), ANSWER_MAX);
            Checks.require(status == 401, "version 1 is answered with status " + status);
        }
        return "each node is told its own id; version 1 is refused";
    }

    private String nothingLost() throws IOException {
        DropCounts drops = site.infrastructure().vpc().drops();
        Checks.require(drops.lostInAll() == 0, "lost: " + drops);
        return Count.of(
                        drops.passed().values().stream()
                                .mapToLong(Long::longValue)
                                .sum(),
                        "packet") + ", none lost";
    }

    private List<SitePod> onSecondaryEnis() {
        return site.pods().stream().filter(pod -> pod.deviceIndex() > 0).toList();
    }

    private InetAddress nodeAddress(SiteNode node) throws IOException {
        return site.infrastructure().world().nodes().stream()
                .filter(launched -> launched.name().equals(node.name()))
                .findFirst()
                .orElseThrow(() -> new IOException("no node " + node.name()))
                .address();
    }

    private static void expect(Namespace from, String who, InetAddress to, InetAddress seenAs) throws IOException {
        InetAddress seen;
        try {
            seen = EchoServer.ask(from, to, ANSWER_MAX);
        } catch (IOException e) {
            throw new IOException(who + " to " + to.getHostAddress() + ": " + e.getMessage(), e);
        }
        Checks.require(
                seen.equals(seenAs),
                who + " is seen by " + to.getHostAddress() + " as " + seen.getHostAddress() + ", not as "
                        + seenAs.getHostAddress());
    }
}
