package io.vpceni.pool.policy;

import java.time.Instant;

/// The numbers of the pool from which a policy decides; of the ENIs that ordinary pods may use.
///
/// @param assignable addresses that the next ADD could have: free, and past their cooldown
/// @param assigned addresses that sandboxes have, disputed ones included
/// @param cooling released less than the cooldown ago: no sandbox gets them yet, and they are not stock
/// @param leaving addresses in quarantine or on their way back to EC2
/// @param pending addresses that were asked for and are not here yet
/// @param waiting addresses that would satisfy every waiting ADD
/// @param blockAddresses addresses in one block of the mode: 1, or 16 with prefixes
/// @param eniAddresses addresses that pods can have on one full ENI: slots times `blockAddresses`
/// @param enis ENIs that are here or on their way
/// @param enisMax ENIs that there may be
/// @param podsMax pods that the node may run; [Integer#MAX_VALUE] when unknown
/// @param idleBlocks blocks all of whose addresses are assignable
/// @param coolingForecast when cooling addresses become free
/// @param arrivals what came and went
public record PoolCounts(
        Instant now,
        int assignable,
        int assigned,
        int cooling,
        int leaving,
        int pending,
        int waiting,
        int blockAddresses,
        int eniAddresses,
        int enis,
        int enisMax,
        int podsMax,
        int idleBlocks,
        CoolingForecast coolingForecast,
        ArrivalStats arrivals) {

    /// When cooling addresses become free.
    @FunctionalInterface
    public interface CoolingForecast {
        /// Cooling addresses whose cooldown ends at that moment or before. Costs one step an address
        /// that it counts.
        int endingBy(Instant moment);
    }

    /// What is assignable or on its way, less what the waiting ADDs will take. Below 0 when they want more.
    public int available() {
        return assignable + pending - waiting;
    }

    /// Addresses that the node holds and means to keep: assigned, cooling and assignable.
    public int total() {
        return assignable + assigned + cooling;
    }
}
