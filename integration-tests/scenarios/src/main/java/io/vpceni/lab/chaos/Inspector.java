package io.vpceni.lab.chaos;

import io.vpceni.lab.churn.Await;
import io.vpceni.lab.churn.PodRecords;
import io.vpceni.lab.churn.StateDiff;
import io.vpceni.lab.ec2.Ec2Emulation;
import io.vpceni.lab.ec2.GroundTruth;
import io.vpceni.lab.node.PodSandbox;
import io.vpceni.lab.site.Site;
import io.vpceni.lab.site.SiteNode;
import io.vpceni.lab.world.TypeLimits;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Compares the lab's records with those of EC2, of the kernel and of ipamd: what must hold at any moment, and what
/// must hold at the end. For one thread.
final class Inspector {
    private static final Duration SETTLED_MAX = Duration.ofMinutes(5);

    private final Site site;
    private final Ec2Emulation emulation;
    private final PodRecords ledger;
    private final LongSupplier nanoTime;
    private final SortedMap<String, Integer> left = new TreeMap<>();
    private int looks;
    private int addressesSeen;

    Inspector(Site site, Ec2Emulation emulation, PodRecords ledger, LongSupplier nanoTime) {
        this.site = site;
        this.emulation = emulation;
        this.ledger = ledger;
        this.nanoTime = nanoTime;
    }

    /// While pods come and go: an address that a pod has had before and after the look must be on an ENI of its
    /// node by EC2's state, and in a rule of its kernel. There is no ENI too many.
    void look() throws IOException {
        Map<InetAddress, String> before = ledger.holders();
        GroundTruth truth = emulation.groundTruth();
        Map<String, SortedSet<String>> ruled = new TreeMap<>();
        for (SiteNode node : site.nodes().values()) {
            ruled.put(node.name(), StateDiff.podsOfRules(node));
            requireLimits(node, truth);
        }
        Map<InetAddress, String> after = ledger.holders();
        Map<String, Set<InetAddress>> routed = routed(truth);
        for (Map.Entry<InetAddress, String> holder : before.entrySet()) {
            InetAddress address = holder.getKey();
            if (!holder.getValue().equals(after.get(address)) || ledger.isSpoiled(address, nanoTime.getAsLong())) {
                continue;
            }
            addressesSeen++;
            List<String> nodes = routed.entrySet().stream()
                    .filter(node -> node.getValue().contains(address))
                    .map(Map.Entry::getKey)
                    .toList();
            List<String> kernels = ruled.entrySet().stream()
                    .filter(node -> node.getValue().contains(address.getHostAddress()))
                    .map(Map.Entry::getKey)
                    .toList();
            if (nodes.size() != 1 || !nodes.equals(kernels)) {
                ledger.find("a pod has " + address.getHostAddress() + ", EC2 routes it to " + nodes
                        + ", and there is a rule for it on " + kernels);
            }
        }
        looks++;
    }

    private Map<String, Set<InetAddress>> routed(GroundTruth truth) {
        Map<String, Set<InetAddress>> routed = new TreeMap<>();
        for (SiteNode node : site.nodes().values()) {
            Set<InetAddress> addresses = new HashSet<>();
            for (GroundTruth.EniState eni : truth.enisOf(node.vpcNode().instanceId())) {
                addresses.addAll(eni.addresses());
                eni.prefixes().forEach(prefix -> addresses.addAll(Prefixes.addresses(prefix)));
            }
            routed.put(node.name(), addresses);
        }
        return routed;
    }

    private void requireLimits(SiteNode node, GroundTruth truth) {
        TypeLimits limits = site.infrastructure().world().limits();
        List<GroundTruth.EniState> enis = truth.enisOf(node.vpcNode().instanceId());
        if (enis.size() > limits.enis()) {
            ledger.find(node.name() + " has " + enis.size() + " ENIs of at most " + limits.enis());
        }
    }

    /// After the run, when only the long-lived pods are left: the node must have their objects and no others.
    void judge(Map<SiteNode, List<PodSandbox>> stayers) throws IOException, InterruptedException {
        Await settled = new Await(SETTLED_MAX, ledger, nanoTime);
        for (Map.Entry<SiteNode, List<PodSandbox>> entry : stayers.entrySet()) {
            SiteNode node = entry.getKey();
            SortedSet<String> expected = StateDiff.texts(
                    entry.getValue().stream().map(PodSandbox::address).toList());
            String of = " on " + node.name();
            note(
                    "addresses that ipamd counts as pods'",
                    settled.await("ipamd's pods" + of, expected, () -> StateDiff.podsOfIpamd(node)));
            note(
                    "addresses that only one of ipamd and EC2 has",
                    settled.await("addresses" + of, nothing(), () -> StateDiff.onlyOneHas(site, node)));
            note("disputed addresses", settled.await("disputed" + of, nothing(), () -> StateDiff.disputed(node)));
            note("rules", settled.await("rules" + of, expected, () -> StateDiff.podsOfRules(node)));
            note("routes", settled.await("routes to pods" + of, expected, () -> KernelState.routedPods(node)));
            note(
                    "veths",
                    settled.await("veths" + of, numbered(expected.size()), () -> numbered(KernelState.veths(node))));
            note(
                    "route tables of ENIs that are gone",
                    settled.await("tables" + of, nothing(), () -> strayTables(node)));
        }
        note(
                "ENIs without an owner",
                settled.await(
                        "ENIs that are attached to nothing",
                        nothing(),
                        () -> StateDiff.unattached(emulation.groundTruth())));
        note(
                "ENIs that would outlive their instance",
                settled.await(
                        "ENIs without delete-on-termination",
                        nothing(),
                        () -> StateDiff.immortal(emulation.groundTruth())));
    }

    private SortedSet<String> strayTables(SiteNode node) throws IOException {
        Set<String> own = emulation.groundTruth().enisOf(node.vpcNode().instanceId()).stream()
                .flatMap(eni -> eni.attachment().stream())
                .map(attachment -> Integer.toString(attachment.deviceIndex() + 1))
                .collect(Collectors.toSet());
        SortedSet<String> stray = KernelState.tables(node);
        stray.removeAll(own);
        return stray;
    }

    private static SortedSet<String> nothing() {
        return new TreeSet<>();
    }

    private static SortedSet<String> numbered(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(Integer::toString)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void note(String what, int tooManyOrTooFew) {
        left.merge(what, tooManyOrTooFew, Integer::sum);
    }

    /// What was too much or too little at the end, by kind.
    SortedMap<String, Integer> left() {
        return new TreeMap<>(left);
    }

    int looks() {
        return looks;
    }

    /// Number of compared addresses of pods, summed over all checks.
    int addressesSeen() {
        return addressesSeen;
    }
}
