package io.vpceni.pool.policy;

import io.vpceni.config.PolicyName;
import io.vpceni.config.PoolMode;
import io.vpceni.config.PoolSettings;
import java.time.Duration;
import java.time.Instant;

/// Counts with what a test names; the rest is 0 or without bounds. Changed in place and made anew for each question.
final class PoolCountsFixture {

    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    final ArrivalStats arrivals = new ArrivalStats();
    Instant now = START;
    int assignable;
    int assigned;
    int cooling;
    int pending;
    int waiting;
    int blockAddresses = 1;
    int eniAddresses = 14;
    int podsMax = Integer.MAX_VALUE;
    int idleBlocks;
    int cooledSoon;

    /// The targets in the order of docs/settings.md; single addresses or prefixes.
    static AwsTargets targets(int warmEni, int warmIp, int minimumIp, int warmPrefix, boolean prefixes) {
        return new AwsTargets(new PoolSettings(
                warmEni,
                warmIp,
                minimumIp,
                0,
                Duration.ZERO,
                prefixes ? PoolMode.PREFIXES : PoolMode.ADDRESSES,
                warmPrefix,
                0,
                PolicyName.AWS));
    }

    PoolCountsFixture holding(int total, int used) {
        assigned = used;
        assignable = total - used - cooling;
        idleBlocks = assignable / blockAddresses;
        return this;
    }

    PoolCountsFixture prefixes() {
        blockAddresses = 16;
        eniAddresses = 14 * 16;
        return this;
    }

    PoolCounts counts() {
        return new PoolCounts(
                now,
                assignable,
                assigned,
                cooling,
                0,
                pending,
                waiting,
                blockAddresses,
                eniAddresses,
                1,
                4,
                podsMax,
                idleBlocks,
                moment -> moment.isAfter(now) ? cooledSoon : 0,
                arrivals);
    }

    /// Follows the policy until it wants nothing, in whole blocks or ENIs, with everything dense.
    ///
    /// @return the addresses held
    int settle(Policy policy, int used, int capacity) {
        for (int step = 0; step < 1000; step++) {
            WarmTarget target = policy.target(counts());
            int chunk = target.unit() == WarmTarget.Unit.ENI ? eniAddresses : blockAddresses;
            int total = assigned + assignable;
            int next = Math.min(capacity, total + Math.ceilDiv(target.more(), chunk) * chunk)
                    - target.fewer() / chunk * chunk;
            if (next == total) {
                return total;
            }
            holding(next, used);
        }
        throw new AssertionError(policy + " never settles at " + used);
    }
}
