package io.vpceni.ipamd.observe;

import io.vpceni.eni.Ec2Failure;
import io.vpceni.network.PodDrop;
import io.vpceni.pool.AddressState;
import io.vpceni.pool.NodeLimits;
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

/// Every metric of ipamd. Names that begin with `awscni_` are the AWS VPC CNI's and have the same meaning, with one
/// difference: cooling addresses do not count as available; `vpceni_pool_addresses` counts them.
///
/// Names, types and labels are an interface: a golden test pins them.
public final class Metrics {
    /// The outcome of a CNI request.
    public enum Outcome {
        OK,
        NO_ADDRESS,
        FAILED
    }

    /// What became of a DEL that the plugin kept while ipamd was down.
    public enum DelOutcome {
        /// The sandbox has no address any more.
        DONE,
        /// It failed for now, and stays.
        FAILED,
        /// It can never succeed: no ADD is served with its parameters.
        REFUSED,
        /// Of an earlier boot of the node: nothing to do.
        EARLIER_BOOT,
        /// The file is torn, foreign, or of another release.
        UNREADABLE
    }

    private static final double[] REQUEST_SECONDS = {
        0.001, 0.0025, 0.005, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60
    };

    private final List<MetricFamily> families = new CopyOnWriteArrayList<>();

    private final MetricFamily.Counter adds =
            counter("awscni_add_ip_req_count", "ADD requests that asked for an address");
    private final MetricFamily.Counter dels = counter("awscni_del_ip_req_count", "DEL requests", "reason");
    private final MetricFamily.Counter spooledDels = counter(
            "vpceni_spooled_dels_total",
            "DELs that the plugin kept while ipamd was down, by what became of them",
            "outcome");
    private final MetricFamily.Counter noAddress =
            counter("awscni_no_available_ip_addresses", "ADD requests that got no address before their deadline");
    private final MetricFamily.Counter errors =
            counter("awscni_ipamd_error_count", "Errors of ipamd, by what it was doing", "fn");
    private final MetricFamily.Counter ec2Calls = counter("awscni_ec2api_req_count", "EC2 API calls", "fn");
    private final MetricFamily.Counter ec2Errors =
            counter("awscni_ec2api_error_count", "EC2 API calls that failed", "fn");
    private final MetricFamily.Counter throttled = counter(
            "vpceni_ec2_throttled_calls_total",
            "EC2 calls that EC2 throttled (RequestLimitExceeded); they are retried",
            "action");
    private final MetricFamily.Counter apiErrors =
            counter("awscni_aws_api_error_count", "EC2 and IMDS calls that failed, by error", "api", "error");
    private final MetricFamily.Counter notices = counter(
            "vpceni_pool_notices_total",
            "Log lines of the pool about addresses and blocks that need attention, by kind",
            "kind");
    private final MetricFamily.Counter imdsRequests =
            counter("vpceni_imds_requests_total", "Requests to IMDS, by path and outcome", "path", "outcome");
    private final MetricFamily.Counter imdsHeld = counter(
            "vpceni_imds_delayed_requests_total",
            "Requests to IMDS that waited for their turn under IMDS's packet rate limit");
    private final MetricFamily.Counter eniNotices = counter(
            "vpceni_eni_notices_total",
            "Events of ENIs and subnets: attached, removed, lost, and so on, by kind",
            "kind");
    private final MetricFamily.Counter journalErrors =
            counter("vpceni_journal_errors_total", "Journal writes that failed; the ADDs concerned were refused");
    private final MetricFamily.Counter findings = counter(
            "vpceni_start_findings_total",
            "Differences between journal, kernel and EC2 that ipamd found when it started, by kind",
            "kind");
    private final MetricFamily.Counter blocksReturned = counter(
            "vpceni_unassigned_blocks_total",
            "Secondary addresses and prefixes that were unassigned, without those of deleted ENIs");
    private final MetricFamily.Counter enisReturned = counter(
            "vpceni_deleted_enis_total", "ENIs that were detached and deleted because the node no longer needed them");
    private final MetricFamily.Counter podDrops = counter(
            "vpceni_pod_dropped_packets_total",
            "Packets that a pod sent with an address or protocol that is not its own and that the node dropped, by reason",
            "reason");
    private final MetricFamily.Counter driftChecks = counter(
            "vpceni_drift_checks_total",
            "Comparisons of the node's links, addresses, routes and rules with the desired state; many more than two a minute"
                    + " mean that another program changes them all the time");
    private final MetricFamily.Counter driftRepaired = counter(
            "vpceni_drift_repaired_total",
            "Kernel objects that another program had changed and that were repaired, by kind",
            "kind");
    private final MetricFamily.Counter driftLeft = counter(
            "vpceni_drift_left_total",
            "Kernel objects that differ from the desired state and were not repaired: the kernel refused, or the object is not ours, by kind",
            "kind");
    private final AtomicReference<SortedMap<String, Long>> forwardDrops = new AtomicReference<>(chains(0, 0));
    private final MetricFamily.Counter foreignDatagrams = counter(
            "vpceni_netlink_foreign_datagrams_total",
            "Netlink messages to ipamd that did not come from the kernel and were discarded");
    private final MetricFamily.Counter remade = counter(
            "vpceni_plugin_files_recreated_total",
            "Sockets and files that the plugin needs and that ipamd had to recreate because they were gone or replaced",
            "what");
    private final MetricFamily.Counter connectionsRefused = counter(
            "vpceni_cni_refused_connections_total", "Connections to ipamd.sock that ipamd closed, by reason", "reason");
    private final MetricFamily.Counter cutOff = counter(
            "vpceni_http_closed_connections_total",
            "Connections to the HTTP pages that ipamd closed before the response was read, by listener and reason",
            "listener",
            "reason");
    private final MetricFamily.Distribution apiLatency =
            summary("awscni_aws_api_latency_ms", "EC2 and IMDS call time in milliseconds", "api", "error", "status");
    private final MetricFamily.Distribution requests = histogram(
            "vpceni_cni_request_seconds",
            "Duration of CNI requests in ipamd, from arrival to response, in seconds",
            "command",
            "outcome");

    public Metrics(String version) {
        add(MetricFamily.Gauge.perLabel(
                "vpceni_build_info",
                "1, with the version as label",
                "version",
                () -> new TreeMap<>(Map.of(version, 1L))));
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
    /// @param pool the current pool; called for each metric of a scrape, so it should be cached for a moment
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
        watchAddresses(pool);
        watchGrowth(pool);
    }

    private void watchAddresses(Supplier<PoolSnapshot> pool) {
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
    }

    private void watchGrowth(Supplier<PoolSnapshot> pool) {
        gauge(
                "vpceni_pool_pending_addresses",
                "Addresses that were requested from EC2 and are not assigned yet",
                pool,
                p -> p.pending());
        gauge(
                "vpceni_pool_blocks",
                "Secondary addresses and prefixes on the ENIs, which is the number of slots in use",
                pool,
                p -> p.enis().stream().mapToLong(PoolSnapshot.EniCounts::blocks).sum());
        add(MetricFamily.Gauge.perLabel(
                "vpceni_pool_wanted_addresses",
                "Addresses that the warm targets want to add or to give back, by direction",
                "direction",
                () -> wanted(pool.get().target())));
        gauge("vpceni_pool_waiting_adds", "ADD requests that are waiting for an address", pool, p -> p.waiting());
        add(MetricFamily.Gauge.counter(
                "vpceni_pool_unexpected_answers_total",
                "EC2 or kernel responses that contradicted the state of the pool and were ignored",
                () -> pool.get().unexpectedAnswers()));
    }

    /// Adds the gauge of [Readiness], once there is a pool.
    public void watchReady(BooleanSupplier ready) {
        add(MetricFamily.Gauge.single(
                "vpceni_ready",
                "1 when /readyz and STATUS say ready, else 0; a full node is ready",
                () -> ready.getAsBoolean() ? 1 : 0));
    }

    /// Adds the gauges of EC2 calls and ENIs, once their owner exists.
    ///
    /// @param ec2 called for each metric of a scrape, so it should be cached for a moment
    public void watchEc2(Supplier<Ec2Status> ec2) {
        families.addAll(new Ec2Gauges(ec2).families());
    }

    public void addArrived() {
        adds.add(1);
    }

    public void delArrived(String reason) {
        dels.add(1, reason);
    }

    /// A DEL that the plugin kept was taken from its file.
    public void spooledDel(DelOutcome outcome) {
        spooledDels.add(1, outcome.name().toLowerCase(Locale.ROOT));
    }

    public void noAddress() {
        noAddress.add(1);
    }

    /// @param doing what ipamd was doing, from a fixed list in the code
    public void error(String doing) {
        errors.add(1, doing);
    }

    /// Counts it by its kind.
    public void noticed(Notice notice) {
        String kind = notice.kind().toLowerCase(Locale.ROOT);
        switch (notice.origin()) {
            case POOL -> notices.add(1, kind);
            case ENIS -> eniNotices.add(1, kind);
        }
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

    /// As [#driftRepaired], for drift that was not repaired.
    public void driftLeft(String kind, int objects) {
        driftLeft.add(objects, kind);
    }

    /// The number of chains of the node's firewall that drop pods' packets now.
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

    /// Adds the objects that other CNI plugins left on the node, once they are known.
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

    /// Netlink messages that the kernel did not send.
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

    /// ipamd closed a connection to the HTTP pages.
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

    private static SortedMap<String, Long> wanted(PoolSnapshot.Target target) {
        return new TreeMap<>(Map.of("more", (long) target.more(), "fewer", (long) target.fewer()));
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
