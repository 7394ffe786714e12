package io.vpceni.ipamctl.plan;

import io.vpceni.config.PolicyName;
import io.vpceni.config.PoolMode;
import io.vpceni.config.PoolSettings;
import io.vpceni.pool.NodeLimits;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;

/// Runs a trace through the policies, each on a node of its own that has been up for two minutes.
final class Replay {

    /// What the AWS VPC CNI itself does with the same settings.
    static final String AS_IT_IS = "aws-vpc-cni";

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration UP = Duration.ofMinutes(2);
    private static final Duration AFTERWARDS = Duration.ofMinutes(2);
    private static final long PLACEMENT_SEED = 1;

    /// One policy's result.
    ///
    /// @param policy as in `VPC_ENI_POLICY`, or [#AS_IT_IS]
    record Outcome(String policy, PlanTotals ledger, SortedMap<String, Integer> calls, double seconds) {
        int ec2Calls() {
            return calls.values().stream().mapToInt(Integer::intValue).sum();
        }

        /// Idle addresses on average.
        double idle() {
            return ledger.idleSeconds() / seconds;
        }
    }

    private Replay() {}

    /// Every policy, and the AWS VPC CNI as it is.
    static List<Outcome> all(Trace trace, PoolSettings settings, NodeLimits limits) {
        List<Outcome> outcomes = new ArrayList<>();
        PlanTotals theirs = new PlanTotals();
        outcomes.add(run(
                AS_IT_IS,
                trace,
                new AwsVpcCniNode(
                        settings, limits, Latencies.TYPICAL, theirs, START, Optional.of(new Random(PLACEMENT_SEED))),
                theirs));
        for (PolicyName policy : PolicyName.values()) {
            outcomes.add(one(policy, trace, settings, limits));
        }
        return outcomes;
    }

    /// One of ours.
    static Outcome one(PolicyName policy, Trace trace, PoolSettings settings, NodeLimits limits) {
        // The targets are AWS's: the others have their own numbers.
        boolean aws = policy == PolicyName.AWS;
        PoolSettings own = new PoolSettings(
                settings.warmEniTarget(),
                aws ? settings.warmIpTarget() : 0,
                aws ? settings.minimumIpTarget() : 0,
                settings.maxEni(),
                settings.cooldown(),
                settings.mode(),
                settings.warmPrefixTarget(),
                settings.podsMax(),
                policy);
        PlanTotals ledger = new PlanTotals();
        return run(
                policy.name().toLowerCase(Locale.ROOT),
                trace,
                new WarmNode(own, limits, Latencies.TYPICAL, ledger, START),
                ledger);
    }

    private static Outcome run(String policy, Trace trace, PlannedNode node, PlanTotals ledger) {
        Instant zero = START.plus(UP);
        node.advance(zero);
        ledger.begin(zero);
        for (Trace.Event event : trace.events()) {
            Instant at = zero.plusMillis(event.millis());
            node.advance(at);
            if (event.comes()) {
                node.arrive(event.pod(), at);
            } else {
                node.depart(event.pod(), at);
            }
        }
        Instant end = zero.plusMillis(trace.lastMillis()).plus(AFTERWARDS);
        node.advance(end);
        return new Outcome(
                policy, ledger, node.calls(), Duration.between(zero, end).toMillis() / 1000.0);
    }

    /// As the chart of the AWS VPC CNI comes: one warm ENI, or one warm prefix.
    static PoolSettings defaults(PoolMode mode) {
        return new PoolSettings(1, 0, 0, 0, Duration.ofSeconds(30), mode, 1, 0, PolicyName.AWS);
    }
}
