package io.vpceni.ipamd.observe;

import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.life.EniNotice;
import io.vpceni.network.PodDrop;
import io.vpceni.pool.AddressState;
import io.vpceni.pool.NodeLimits;
import io.vpceni.pool.PoolNotice;
import io.vpceni.pool.PoolSnapshot;
import io.vpceni.pool.journal.Finding;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/// Every metric of ipamd. Names that begin with `awscni_` are the AWS VPC CNI's and mean what they mean there, with one
/// difference: cooling addresses are counted by `vpceni_pool_addresses`, not as if they could be given out.
///
/// Names, types and labels are an interface: a golden test pins them.
public final class Metrics {
    /// What became of a CNI request.
    public enum Outcome {
        OK,
        NO_ADDRESS,
        FAILED
    }

    private static final double[] REQUEST_SECONDS = {
        0.001, 0.0025, 0.005, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60
    };

    private final List<MetricFamily> families = new CopyOnWriteArrayList<>();

    private final MetricFamily.Counter adds =
            counter("awscni_add_ip_req_count", "ADD requests that asked for an address");
    private final MetricFamily.Counter dels = counter("awscni_del_ip_req_count", "DEL requests", "reason");
    private final MetricFamily.Counter noAddress =
            counter("awscni_no_available_ip_addresses", "ADD requests that got no address before their deadline");
    private final MetricFamily.Counter errors =
            counter("awscni_ipamd_error_count", "Errors of ipamd, by what it was doing", "fn");
    private final MetricFamily.Counter ec2Calls = counter("awscni_ec2api_req_count", "EC2 API calls", "fn");
    private final MetricFamily.Counter ec2Errors =
            counter("awscni_ec2api_error_count", "EC2 API calls that failed", "fn");
    private final MetricFamily.Counter throttled =
            counter("vpceni_ec2_throttled_count", "EC2 API calls that EC2 refused for now", "action");
    private final MetricFamily.Counter apiErrors =
            counter("awscni_aws_api_error_count", "EC2 and IMDS calls that failed, by error", "api", "error");
    private final MetricFamily.Counter notices =
            counter("vpceni_pool_notices", "What the pool had to say about addresses and blocks, by kind", "kind");
    private final MetricFamily.Counter imdsRequests =
            counter("vpceni_imds_req_count", "Requests to IMDS, by what was asked and how it ended", "path", "outcome");
    private final MetricFamily.Counter imdsHeld =
            counter("vpceni_imds_held_count", "Requests to IMDS that waited because the node asked too often");
    private final MetricFamily.Counter cloudNotices =
            counter("vpceni_eni_notices", "What happened to ENIs and subnets, by kind", "kind");
    private final MetricFamily.Counter journalErrors =
            counter("vpceni_journal_error_count", "Decisions that could not be written to the journal and were undone");
    private final MetricFamily.Counter findings =
            counter("vpceni_start_findings", "What was found at start and should not be, by kind", "kind");
    private final MetricFamily.Counter blocksReturned = counter(
            "vpceni_blocks_returned_count", "Secondary addresses and prefixes that went back to EC2 one by one");
    private final MetricFamily.Counter enisReturned =
            counter("vpceni_enis_returned_count", "ENIs that were detached and deleted, with all that was on them");
    private final MetricFamily.Counter podDrops =
            counter("vpceni_pod_dropped_packets_count", "Packets of pods that the node did not let in, by why", "why");
    private final MetricFamily.Counter driftChecks = counter(
            "vpceni_drift_checks_total",
            "Comparisons of the node's links, addresses, routes and rules with what they should be; many more than two a"
                    + " minute: somebody changes them all the time");
    private final MetricFamily.Counter driftRepaired = counter(
            "vpceni_drift_repaired_total",
            "What somebody else had changed in the kernel and was put right, by kind",
            "kind");
    private final MetricFamily.Counter driftLeft = counter(
            "vpceni_drift_left_total",
            "What was found changed in the kernel and could not be put right, or is not ours to change, by kind",
            "kind");
    private final AtomicReference<SortedMap<String, Long>> forwardDrops = new AtomicReference<>(chains(0, 0));
    private final MetricFamily.Counter foreignDatagrams = counter(
            "vpceni_netlink_foreign_datagrams_total",
            "Netlink messages that somebody sent to ipamd in the kernel's place and that were thrown away");
    private final MetricFamily.Counter remade = counter(
            "vpceni_way_in_remade_count",
            "Sockets and files of ipamd's that somebody took away, or that were not served any more, and that were made"
                    + " anew",
            "what");
    private final MetricFamily.Counter connectionsRefused = counter(
            "vpceni_cni_refused_connections_count",
            "Connections to the plugin's socket that were closed because they held too much, or no request, by reason",
            "reason");
    private final MetricFamily.Counter cutOff = counter(
            "vpceni_http_cut_off_count",
            "Connections to the HTTP pages that were ended before their answer was read, by listener and reason",
            "listener",
            "reason");
    private final MetricFamily.Distribution apiLatency =
            summary("awscni_aws_api_latency_ms", "EC2 and IMDS call time in milliseconds", "api", "error", "status");
    private final MetricFamily.Distribution requests = histogram(
            "vpceni_cni_request_seconds",
            "CNI requests from their arrival in ipamd to their answer",
            "command",
            "outcome");

    public Metrics(String version) {
        add(MetricFamily.Gauge.perLabel(
                "vpceni_build_info", "The version that runs", "version", () -> new TreeMap<>(Map.of(version, 1L))));
        add(MetricFamily.Gauge.perLabel(
                "vpceni_forward_drop_chains",
                "Chains of the node's firewall that drop packets of pods, or may drop them",
                "packets",
                forwardDrops::get));
        add(MetricFamily.Gauge.single(
                "process_resident_memory_bytes", "Resident memory", ProcessMemory::residentBytes));
    }

    /// Adds the gauges of the pool, once there is one.
    ///
    /// @param pool the pool now; asked once for each scrape and metric, so it should be cached for a moment
    public void watch(Supplier<PoolSnapshot> pool, NodeLimits limits) {
        gauge(
                "awscni_eni_allocated",
                "ENIs that are attached",
                pool,
                p -> p.enis().size());
        gauge("awscni_eni_max", "ENIs that the instance may have", pool, _ -> limits.enisMax());
        gauge(
                "awscni_ip_max",
                "Addresses for pods that the instance may have",
                pool,
                _ -> (long) limits.enisMax() * limits.slotsPerEni());
        gauge("awscni_total_ip_addresses", "Addresses for pods that the node holds", pool, Metrics::total);
        gauge(
                "awscni_assigned_ip_addresses",
                "Addresses that pods have",
                pool,
                p -> p.enis().stream()
                        .mapToLong(PoolSnapshot.EniCounts::assigned)
                        .sum());
        add(MetricFamily.Gauge.perLabel(
                "awscni_assigned_ip_per_eni", "Addresses that pods have, by ENI", "eni", () -> perEni(pool.get())));
        add(MetricFamily.Gauge.perLabel(
                "vpceni_pool_addresses", "Addresses for pods by state", "state", () -> perState(pool.get())));
        gauge("vpceni_pool_assignable_addresses", "Addresses that the next ADD could have", pool, p -> p.assignable());
        gauge("vpceni_pool_pending_addresses", "Addresses asked of EC2 and not here yet", pool, p -> p.pending());
        gauge(
                "vpceni_pool_blocks",
                "Secondary addresses and prefixes on the ENIs: used slots",
                pool,
                p -> p.enis().stream().mapToLong(PoolSnapshot.EniCounts::blocks).sum());
        add(MetricFamily.Gauge.perLabel(
                "vpceni_pool_wanted_addresses",
                "Addresses that the policy wants more or fewer",
                "direction",
                () -> wanted(pool.get().wish())));
        gauge("vpceni_pool_waiting_adds", "ADD requests that wait for an address", pool, p -> p.waiting());
        gauge(
                "vpceni_pool_contradictions",
                "Answers from outside that could not be true and were ignored, since start",
                pool,
                PoolSnapshot::contradictions);
    }

    /// Adds the gauge of [Readiness], once there is a pool.
    public void watchReady(BooleanSupplier ready) {
        add(MetricFamily.Gauge.single(
                "vpceni_ready",
                "Whether ipamd serves, as /readyz and STATUS say: 1 or 0. A full node is ready",
                () -> ready.getAsBoolean() ? 1 : 0));
    }

    /// Adds the gauges of what goes on with EC2, once there is something.
    ///
    /// @param cloud asked once for each scrape and metric, so it should be cached for a moment
    public void watchCloud(Supplier<Ec2Status> cloud) {
        families.addAll(new Ec2Gauges(cloud).families());
    }

    public void addArrived() {
        adds.add(1);
    }

    public void delArrived(String reason) {
        dels.add(1, reason);
    }

    public void noAddress() {
        noAddress.add(1);
    }

    /// @param doing what ipamd was at, from a fixed list in the code
    public void error(String doing) {
        errors.add(1, doing);
    }

    public void noticed(PoolNotice.Kind kind) {
        notices.add(1, kind.name().toLowerCase(Locale.ROOT));
    }

    public void noticed(EniNotice.Kind kind) {
        cloudNotices.add(1, kind.name().toLowerCase(Locale.ROOT));
    }

    public void journalError() {
        journalErrors.add(1);
        error("journal");
    }

    public void found(Finding.Kind kind) {
        findings.add(1, kind.name().toLowerCase(Locale.ROOT));
    }

    public void driftChecked() {
        driftChecks.add(1);
    }

    /// @param kind from the fixed list of docs/drift.md
    public void driftRepaired(String kind, int objects) {
        driftRepaired.add(objects, kind);
    }

    /// As [#driftRepaired], for what stays as it is.
    public void driftLeft(String kind, int objects) {
        driftLeft.add(objects, kind);
    }

    /// Chains of the node's firewall that drop pods' packets, now.
    public void forwardDrops(long certain, long possible) {
        forwardDrops.set(chains(certain, possible));
    }

    private static SortedMap<String, Long> chains(long certain, long possible) {
        return new TreeMap<>(Map.of("dropped", certain, "may_be_dropped", possible));
    }

    public void blocksReturned(int blocks) {
        blocksReturned.add(blocks);
    }

    public void eniReturned() {
        enisReturned.add(1);
    }

    public void request(String command, Outcome outcome, Duration took) {
        requests.observe(took.toNanos() / 1e9, command, outcome.name().toLowerCase(Locale.ROOT));
    }

    /// @param error the kind of failure; "" when the call succeeded
    public void ec2Call(String action, String error, Duration took) {
        ec2Calls.add(1, action);
        apiLatency.observe(
                took.toNanos() / 1e6, action, error.isEmpty() ? "false" : "true", error.isEmpty() ? "200" : error);
        if (!error.isEmpty()) {
            ec2Errors.add(1, action);
            apiErrors.add(1, action, error);
            if (error.equals(Ec2Failure.Kind.THROTTLED.name())) {
                throttled.add(1, action);
            }
        }
    }

    /// Adds what other CNI plugins left on the node, once that is known.
    ///
    /// @param kinds one for each
    public void leftOver(List<String> kinds) {
        SortedMap<String, Long> counts = new TreeMap<>();
        kinds.forEach(kind -> counts.merge(kind.toLowerCase(Locale.ROOT), 1L, Long::sum));
        add(MetricFamily.Gauge.perLabel(
                "vpceni_leftovers",
                "What other CNI plugins left on the node, found at start, by kind",
                "kind",
                () -> counts));
    }

    /// Netlink messages that were not the kernel's.
    public void foreignDatagrams(long more) {
        foreignDatagrams.add(more);
    }

    /// @param what was lost, from a fixed list in the code
    public void remade(String what) {
        remade.add(1, what);
    }

    /// @param reason from a fixed list in the code
    public void connectionRefused(String reason) {
        connectionsRefused.add(1, reason.toLowerCase(Locale.ROOT));
    }

    /// A connection to the pages was ended from this side.
    public void cutOff(String listener, HttpPages.CutOff reason) {
        cutOff.add(1, listener, reason.name().toLowerCase(Locale.ROOT));
    }

    /// A request to IMDS ended.
    public void imdsRequest(String path, String outcome) {
        imdsRequests.add(1, path, outcome);
    }

    public void podDropped(PodDrop why, long packets) {
        podDrops.add(packets, why.label());
    }

    /// A request to IMDS waited because the node's own budget was used up.
    public void imdsHeld() {
        imdsHeld.add(1);
    }

    /// The whole page.
    public String render() {
        StringBuilder out = new StringBuilder(8192);
        families.forEach(family -> family.write(out));
        return out.toString();
    }

    private static long total(PoolSnapshot pool) {
        return pool.enis().stream().mapToLong(PoolSnapshot.EniCounts::total).sum();
    }

    private static SortedMap<String, Long> wanted(PoolSnapshot.Wish wish) {
        return new TreeMap<>(Map.of("more", (long) wish.more(), "fewer", (long) wish.fewer()));
    }

    private static SortedMap<String, Long> perEni(PoolSnapshot pool) {
        SortedMap<String, Long> counts = new TreeMap<>();
        pool.enis().forEach(eni -> counts.put(eni.eni().id().value(), (long) eni.assigned()));
        return counts;
    }

    private static SortedMap<String, Long> perState(PoolSnapshot pool) {
        EnumMap<AddressState, Long> counts = new EnumMap<>(AddressState.class);
        for (AddressState state : AddressState.values()) {
            counts.put(state, 0L);
        }
        pool.addresses().forEach(view -> counts.merge(view.state(), 1L, Long::sum));
        SortedMap<String, Long> named = new TreeMap<>();
        counts.forEach((state, count) -> named.put(state.name().toLowerCase(Locale.ROOT), count));
        return named;
    }

    private void gauge(String name, String help, Supplier<PoolSnapshot> pool, ToLongFunction<PoolSnapshot> value) {
        add(MetricFamily.Gauge.single(name, help, () -> value.applyAsLong(pool.get())));
    }

    private MetricFamily.Counter counter(String name, String help, String... labels) {
        return add(new MetricFamily.Counter(name, help, labels));
    }

    private MetricFamily.Distribution summary(String name, String help, String... labels) {
        return add(MetricFamily.Distribution.summary(name, help, labels));
    }

    private MetricFamily.Distribution histogram(String name, String help, String... labels) {
        return add(MetricFamily.Distribution.histogram(name, help, REQUEST_SECONDS, labels));
    }

    private <F extends MetricFamily> F add(F family) {
        families.add(family);
        return family;
    }
}
