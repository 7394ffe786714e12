package io.vpceni.pool.policy;

import io.vpceni.pool.policy.WarmTarget.Unit;

/// Azure CNS's batches: below one threshold the node fills up to the next multiple of the batch, from another threshold
/// on it gives back what is above a multiple, or a batch.
///
/// @param batch addresses; 1 or more
/// @param requestPercent of a batch: with fewer available, more are asked for; 1 to 100
/// @param releasePercent of a batch: with so many available, some may go; `requestPercent` + 100 or more
public record Azure(int batch, int requestPercent, int releasePercent) implements Policy {

    static final int BATCH = 16;
    static final int REQUEST_PERCENT = 50;
    static final int RELEASE_PERCENT = 150;

    private static final double WHOLE = 100.0;

    /// @throws IllegalArgumentException when a number is out of its range
    public Azure {
        if (batch < 1 || requestPercent < 1 || requestPercent > WHOLE || releasePercent < requestPercent + WHOLE) {
            throw new IllegalArgumentException(
                    "batch " + batch + ", request " + requestPercent + " %, release " + releasePercent + " %");
        }
    }

    /// What AKS configures.
    public Azure() {
        this(BATCH, REQUEST_PERCENT, RELEASE_PERCENT);
    }

    @Override
    public String name() {
        return "azure";
    }

    /// With fewer available, more are asked for.
    int freeMin() {
        return (int) (batch * requestPercent / WHOLE + 0.5);
    }

    /// With so many available, some may go.
    int freeMax() {
        return (int) (batch * releasePercent / WHOLE + 0.5);
    }

    @Override
    public WarmTarget target(PoolCounts counts) {
        int above = (counts.total() + counts.pending()) % batch;
        int missing = freeMin() - counts.available();
        int more = 0;
        int fewer = 0;
        if (missing > 0) {
            int toMultiple = batch - above;
            int batches = Math.ceilDiv(Math.max(0, missing - toMultiple), batch);
            more = Math.min(toMultiple + batches * batch, Policies.room(counts));
        } else if (counts.assignable() >= freeMax() && counts.pending() == 0) {
            fewer = above > 0 ? above : batch;
        }
        return new WarmTarget(
                more,
                fewer,
                Unit.BLOCK,
                () -> "batches of " + batch + "; " + counts.available() + " available, wanted " + freeMin()
                        + " or more and fewer than " + freeMax());
    }
}
