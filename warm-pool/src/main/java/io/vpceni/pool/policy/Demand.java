package io.vpceni.pool.policy;

import io.vpceni.pool.policy.WarmTarget.Unit;
import java.time.Duration;

/// Holds what the node has lately needed, and no more.
///
/// Three numbers, the greatest of which counts:
/// - *memory*: as many addresses as were busy (in use, cooling or waited for) at one time, where the topmost was needed
///   often enough: at least once in [#WORTH] of lying idle;
/// - *momentum*: what is busy now and what arrives until EC2 has answered, if it goes on as in the last seconds;
/// - *caution*: what is busy now and a reserve, one and a half ENIs' worth but at most 24 addresses as long as nothing
///   is known, and less the more minutes and arrivals were seen.
///
/// The constants were chosen on generated traces with other seeds than those of the traces that are shipped
/// (docs/policies.md).
public final class Demand implements Policy {

    /// An address may lie idle that long for each wait that it saves.
    static final Duration WORTH = Duration.ofMinutes(10);

    /// Minutes, and arrivals, after which confidence is one half.
    private static final double HALF_CONFIDENT_MINUTES = 30;

    private static final double HALF_CONFIDENT_ARRIVALS = 15;

    /// The reserve at full confidence.
    private static final int RESERVE_MIN = 2;

    /// The reserve at no confidence, in ENIs: the pods that a new node gets at once.
    private static final double RESERVE_ENIS = 1.5;

    private static final double RESERVE_MAX = 24;

    @Override
    public String name() {
        return "demand";
    }

    @Override
    public WarmTarget target(PoolCounts counts) {
        ArrivalStats arrivals = counts.arrivals();
        int busy = counts.assigned() + counts.cooling() + counts.waiting();
        int memory = arrivals.worthHolding(WORTH);
        int momentum = busy + arrivals.arrivedWithin(arrivals.refillTakes(), counts.now());
        int reserve = reserve(counts);
        long target = Math.max(Math.max(memory, momentum), (long) busy + reserve);
        long held = (long) counts.total() + counts.pending();
        int more = Math.clamp(target - held, 0, Policies.room(counts));
        long slack = Math.max(counts.blockAddresses(), target / 8);
        int fewer = more > 0 || held - target <= slack ? 0 : Math.clamp(held - target, 0, ready(counts));
        return new WarmTarget(
                more,
                fewer,
                Unit.BLOCK,
                () -> "busy " + busy + "; wanted " + target + ": memory " + memory + ", momentum " + momentum
                        + ", reserve " + reserve + " at confidence " + Math.round(100 * confidence(arrivals)) + " %");
    }

    /// From 0, nothing was seen, to 1: grows with the minutes and with the arrivals that were seen.
    static double confidence(ArrivalStats arrivals) {
        double unknownByTime = HALF_CONFIDENT_MINUTES / (HALF_CONFIDENT_MINUTES + arrivals.minutes());
        double unknownByArrivals = HALF_CONFIDENT_ARRIVALS / (HALF_CONFIDENT_ARRIVALS + arrivals.arrivedEver());
        return 1 - unknownByTime * unknownByArrivals;
    }

    private static int reserve(PoolCounts counts) {
        double unknown = 1 - confidence(counts.arrivals());
        double most = Math.max(RESERVE_MIN, Math.min(RESERVE_MAX, RESERVE_ENIS * counts.eniAddresses()));
        return (int) Math.ceil(RESERVE_MIN + (most - RESERVE_MIN) * unknown);
    }

    private static int ready(PoolCounts counts) {
        return Math.max(0, counts.assignable() - counts.waiting());
    }
}
