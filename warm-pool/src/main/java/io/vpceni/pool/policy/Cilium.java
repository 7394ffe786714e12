package io.vpceni.pool.policy;

import io.vpceni.pool.policy.WarmTarget.Unit;

/// Cilium's watermarks, with the release of what is too much switched on. Here too cooling addresses are not stock.
///
/// @param preAllocate addresses to keep ready; 0 or more
/// @param minAllocate addresses to hold at least; 0 for no such floor
/// @param maxAboveWatermark added to each request, and kept before anything is released; 0 or more
public record Cilium(int preAllocate, int minAllocate, int maxAboveWatermark) implements Policy {

    /// Cilium's own default.
    public static final int PRE_ALLOCATE = 8;

    /// @throws IllegalArgumentException when a number is negative
    public Cilium {
        if (preAllocate < 0 || minAllocate < 0 || maxAboveWatermark < 0) {
            throw new IllegalArgumentException("negative watermark");
        }
    }

    @Override
    public String name() {
        return "cilium";
    }

    @Override
    public WarmTarget target(PoolCounts counts) {
        long held = (long) counts.total() + counts.pending();
        // Without a single address to keep ready, waiting ADDs still want theirs.
        long needed = Math.max((long) preAllocate - counts.available(), minAllocate - held);
        int more = needed <= 0 ? 0 : Math.clamp(needed + maxAboveWatermark, 0, Policies.room(counts));
        int fewer = more > 0 ? 0 : excess(counts);
        return new WarmTarget(
                more,
                fewer,
                Unit.BLOCK,
                () -> "pre-allocate " + preAllocate + ", min-allocate " + minAllocate + ", max-above-watermark "
                        + maxAboveWatermark + "; " + counts.available() + " available, " + held
                        + " held or on their way");
    }

    private int excess(PoolCounts counts) {
        int used = counts.assigned() + counts.cooling() + counts.waiting();
        long floor = (long) minAllocate + maxAboveWatermark;
        long kept = (long) used + preAllocate + maxAboveWatermark;
        if (used <= floor && (counts.total() <= floor || (long) used + preAllocate <= floor)) {
            kept = floor;
        }
        return Math.min(Policies.count(counts.total() - kept), Math.max(0, counts.assignable()));
    }
}
