package io.vpceni.ipamd;

import io.vpceni.config.AttachmentKey;
import io.vpceni.ipamd.observe.Metrics;
import io.vpceni.network.NetworkFailure;
import io.vpceni.network.PodDrop;
import io.vpceni.network.PodDrops;
import io.vpceni.network.PodWiring;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads from the kernel every few seconds how many packets of which pods the node dropped, adds them up, and logs once
/// for each pod and reason what is wrong.
final class PodDropReports implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PodDropReports.class);

    private static final Duration EVERY = Duration.ofSeconds(10);
    private static final Duration STOP_MAX = Duration.ofSeconds(1);

    /// Bound on remembered pods, far above what a node starts between two checks. Beyond it, those whose
    /// packets were dropped longest ago are forgotten.
    private static final int PODS_MAX = 10_000;

    /// Returns the kernel's counts since the last call.
    interface Counts {
        List<PodDrops> drops() throws NetworkFailure;
    }

    private final Counts counts;
    private final Metrics metrics;
    private final PeriodicTask rounds;

    /// The pod with the latest drop comes last.
    private final Map<AttachmentKey, SortedMap<PodDrop, Long>> byPod;

    /// Checks only when [#look] is called.
    PodDropReports(Counts counts, Metrics metrics, int podsMax) {
        this.counts = counts;
        this.metrics = metrics;
        this.byPod = new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<AttachmentKey, SortedMap<PodDrop, Long>> eldest) {
                return size() > podsMax;
            }
        };
        this.rounds = new PeriodicTask(
                Thread.ofVirtual().name("drop-watch"), EVERY, STOP_MAX, PeriodicTask.Ending.INTERRUPTED, () -> {
                    look();
                    return true;
                });
    }

    static PodDropReports start(Counts counts, Metrics metrics) {
        PodDropReports watch = new PodDropReports(counts, metrics, PODS_MAX);
        var _ = watch.rounds.start();
        return watch;
    }

    /// Packets of that sandbox that were dropped since ipamd started, by reason.
    SortedMap<String, Long> of(AttachmentKey key) {
        SortedMap<String, Long> named = new TreeMap<>();
        synchronized (byPod) {
            byPod.getOrDefault(key, new TreeMap<>()).forEach((why, packets) -> named.put(why.label(), packets));
        }
        return named;
    }

    /// Reads the kernel's counts once.
    void look() {
        try {
            counts.drops().forEach(this::add);
        } catch (NetworkFailure e) {
            log.atDebug()
                    .addKeyValue("reason", e.getMessage())
                    .log("Dropped packets of pods cannot be counted; ipamd tries again within a minute");
        }
    }

    private void add(PodDrops drops) {
        metrics.podDropped(drops.why(), drops.packets());
        if (drops.pod().isEmpty()) {
            return;
        }
        PodWiring pod = drops.pod().get();
        AttachmentKey key = pod.key();
        boolean isNew;
        synchronized (byPod) {
            SortedMap<PodDrop, Long> sums = new TreeMap<>(byPod.getOrDefault(key, new TreeMap<>()));
            isNew = !sums.containsKey(drops.why());
            sums.merge(drops.why(), drops.packets(), Long::sum);
            byPod.remove(key);
            byPod.put(key, sums);
        }
        if (isNew) {
            say(drops, pod);
        }
    }

    /// Every pod's kernel sends IPv6 by itself, so that is no news.
    private static void say(PodDrops drops, PodWiring pod) {
        if (drops.why() == PodDrop.IPV6) {
            return;
        }
        log.atWarn()
                .addKeyValue("pod", pod.pod())
                .addKeyValue("address", pod.address().getHostAddress())
                .addKeyValue("reason", drops.why().label())
                .addKeyValue("packets", drops.packets())
                .log(text(drops.why()));
    }

    static String text(PodDrop why) {
        return switch (why) {
            case SOURCE ->
                "A pod sends with source addresses that are not its own; these packets are dropped. If it routes for"
                        + " others on purpose (VPN, egress gateway), set podSourceCheck to false in its network"
                        + " configuration, or VPC_ENI_POD_SOURCE_CHECK to false for this node (docs/security.md)";
            case ROUTER ->
                "A pod sends router advertisements, redirects or path MTUs, which would change this node's "
                        + "routes; they are dropped. Check what runs in the pod";
            case NODE ->
                "A pod sends to 127.0.0.0/8 or 169.254.1.1 on this node; these packets are dropped. Use "
                        + "the node's own address for services of the node";
            case IPV6 -> "A pod sends IPv6, and pods of this node have no IPv6 addresses; these packets are dropped";
            case ARP -> "A pod announces addresses that are not its own by ARP; these packets are dropped";
        };
    }

    @Override
    public void close() {
        rounds.close();
    }
}
