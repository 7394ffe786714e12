package io.vpceni.ipamctl.plan;

import io.vpceni.config.PolicyName;
import io.vpceni.config.PoolSettings;
import io.vpceni.pool.NodeLimits;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;

/// Where a node comes to rest with so many pods. They come one by one, two minutes apart, to a node with its primary
/// ENI and no address; nothing takes time, and nothing goes.
final class Plan {

    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static final Duration REST = Duration.ofMinutes(2);

    /// The node with so many pods.
    ///
    /// @param perEni usable addresses on each ENI, in order of device index
    /// @param prefixesPerEni the same in prefixes; empty without prefix delegation
    /// @param idlePrefixes prefixes without a single pod
    /// @param ec2Calls so far, by name
    /// @param ours where this is what the AWS VPC CNI does and the product would end otherwise: how
    /// @param because why, in words
    record Row(
            int pods,
            int enis,
            List<Integer> perEni,
            int total,
            int unused,
            List<Integer> prefixesPerEni,
            int idlePrefixes,
            SortedMap<String, Integer> ec2Calls,
            Optional<Row> ours,
            String because) {

        /// Pods for which there is no address.
        int withoutAddress() {
            return Math.max(0, pods - total);
        }

        private boolean hasSameHoldings(Row other) {
            return perEni.equals(other.perEni)
                    && prefixesPerEni.equals(other.prefixesPerEni)
                    && idlePrefixes == other.idlePrefixes;
        }
    }

    private Plan() {}

    /// One row for each count, in ascending order.
    static List<Row> rows(PoolSettings settings, NodeLimits limits, SortedSet<Integer> counts) {
        PlannedNode ours = new WarmNode(settings, limits, Latencies.NONE, new PlanTotals(), START);
        if (settings.policy() != PolicyName.AWS) {
            return run(ours, counts);
        }
        PlannedNode theirs =
                new AwsVpcCniNode(settings, limits, Latencies.NONE, new PlanTotals(), START, Optional.empty());
        List<Row> own = run(ours, counts);
        List<Row> rows = new ArrayList<>();
        for (Row row : run(theirs, counts)) {
            Row same = own.get(rows.size());
            rows.add(new Row(
                    row.pods(),
                    row.enis(),
                    row.perEni(),
                    row.total(),
                    row.unused(),
                    row.prefixesPerEni(),
                    row.idlePrefixes(),
                    row.ec2Calls(),
                    Optional.of(same).filter(mine -> !mine.hasSameHoldings(row)),
                    row.because()));
        }
        return rows;
    }

    private static List<Row> run(PlannedNode node, SortedSet<Integer> counts) {
        List<Row> rows = new ArrayList<>();
        Instant now = START.plus(REST);
        node.advance(now);
        int pods = 0;
        for (int count : counts) {
            while (pods < count) {
                pods++;
                node.arrive("pod-" + pods, now);
                now = now.plus(REST);
                node.advance(now);
            }
            rows.add(row(node, pods));
        }
        return rows;
    }

    private static Row row(PlannedNode node, int pods) {
        List<PlannedNode.EniHoldings> enis = node.enis();
        int total = enis.stream().mapToInt(PlannedNode.EniHoldings::addresses).sum();
        boolean prefixes = enis.stream().anyMatch(eni -> eni.prefixes() > 0);
        return new Row(
                pods,
                enis.size(),
                enis.stream().map(PlannedNode.EniHoldings::addresses).toList(),
                total,
                Math.max(0, total - pods),
                prefixes ? enis.stream().map(PlannedNode.EniHoldings::prefixes).toList() : List.of(),
                enis.stream().mapToInt(PlannedNode.EniHoldings::idlePrefixes).sum(),
                node.calls(),
                Optional.empty(),
                node.because());
    }
}
