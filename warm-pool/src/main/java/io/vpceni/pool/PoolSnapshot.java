package io.vpceni.pool;

import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The pool at one moment. Immutable; safe to hand to any thread.
///
/// @param at the moment
/// @param enis by dense order of id
/// @param addresses every address that the pool knows, in numeric order
/// @param waiting ADDs that wait for an address
/// @param pending addresses that were asked for and are not here yet
/// @param pendingEnis ENIs that were asked for and are not here yet
/// @param assignable addresses that the next ADD could have
/// @param disputed addresses that a sandbox has and EC2 did not list
/// @param contradictions answers from outside that could not be true and were ignored, since start
/// @param lastObstacle the last growth that failed, until growth of that kind succeeds
public record PoolSnapshot(
        Instant at,
        List<EniCounts> enis,
        List<AddressView> addresses,
        int waiting,
        int pending,
        int pendingEnis,
        int assignable,
        int disputed,
        long contradictions,
        Optional<Obstacle> lastObstacle) {

    public PoolSnapshot {
        enis = List.copyOf(enis);
        addresses = List.copyOf(addresses);
    }

    /// One ENI in numbers: `total = assigned + cooling + free`.
    public record EniCounts(Eni eni, int total, int assigned, int cooling, int free, int pending) {}

    /// One address.
    ///
    /// @param eni the ENI that holds it; for a disputed address the ENI that the kernel named
    /// @param holder who has it, when it is assigned or disputed
    /// @param coolingUntil when it may be given out again, when it is cooling
    public record AddressView(
            InetAddress address,
            EniId eni,
            AddressState state,
            Optional<Assignment> holder,
            Optional<Instant> coolingUntil) {}

    /// A growth that failed.
    ///
    /// @param retryAt when growth of that kind is tried again
    public record Obstacle(GrowthObstacle obstacle, String detail, Instant at, Instant retryAt) {}
}
