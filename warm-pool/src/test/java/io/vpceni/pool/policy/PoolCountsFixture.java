package io.vpceni.pool.policy;

import java.time.Instant;

/// A summary with what a test names; the rest is 0 or without bounds. Changed in place and made anew for each question.
final class SummaryFixture {

    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    final ArrivalStats traffic = new ArrivalStats();
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
    int ripeSoon;

    SummaryFixture holding(int total, int used) {
        assigned = used;
        assignable = total - used - cooling;
        idleBlocks = assignable / blockAddresses;
        return this;
    }

    SummaryFixture prefixes() {
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
                moment -> moment.isAfter(now) ? ripeSoon : 0,
                traffic);
    }

    /// Follows the policy until it wants nothing, in whole blocks or ENIs, with everything dense.
    ///
    /// @return the addresses held
    int settle(Policy policy, int used, int capacity) {
        for (int step = 0; step < 1000; step++) {
            WarmTarget wanted = policy.target(counts());
            int chunk = wanted.unit() == WarmTarget.Unit.ENI ? eniAddresses : blockAddresses;
            int total = assigned + assignable;
            int next = Math.min(capacity, total + Math.ceilDiv(wanted.more(), chunk) * chunk)
                    - wanted.fewer() / chunk * chunk;
            if (next == total) {
                return total;
            }
            holding(next, used);
        }
        throw new AssertionError(policy + " never settles at " + used);
    }
}
