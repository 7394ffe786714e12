package io.vpceni.pool;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How many blocks an ENI holds, as far as it is known: what the instance type says, or less once EC2 has refused more.
final class EniCapacity {

    /// How long a limit that EC2 has shown by refusing is believed: what filled the ENI may go.
    static final Duration REFUSAL_KEPT = Duration.ofMinutes(10);

    private final int slotsOfType;
    private int slots;
    private int batchMax;
    private @Nullable Instant refusedAt;

    EniCapacity(int slotsOfType) {
        this.slotsOfType = slotsOfType;
        this.slots = slotsOfType;
        this.batchMax = Math.max(1, slotsOfType);
    }

    int slots() {
        return slots;
    }

    /// The most blocks to ask for in one call: less than the room once EC2 has refused that.
    int batchMax() {
        return batchMax;
    }

    /// There are as many slots as EC2 has filled, whatever was believed.
    void filled(int blocks) {
        slots = Math.max(slots, blocks);
    }

    /// EC2 refused `count` more blocks on top of so many, for there being too many. The true limit lies below
    /// their sum; where below is found by halving.
    void refused(int blocks, int count, Instant now) {
        refusedAt = now;
        slots = Math.min(slots, blocks + count - 1);
        batchMax = Math.max(1, count / 2);
    }

    /// Forgets a refusal that is old.
    ///
    /// @return whether there was one
    boolean forgetRefusal(Instant now) {
        if (refusedAt == null || !refusedAt.plus(REFUSAL_KEPT).isBefore(now)) {
            return false;
        }
        refusedAt = null;
        slots = slotsOfType;
        batchMax = Math.max(1, slotsOfType);
        return true;
    }
}
