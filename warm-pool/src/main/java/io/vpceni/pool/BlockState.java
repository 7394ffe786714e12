package io.vpceni.pool;

import java.time.Instant;

/// What this node may do with a [Block]. Immutable: a block changes by taking another state.
sealed interface BlockState {

    /// When it came into this state.
    Instant since();

    /// Pods may have its addresses.
    record Active(Instant since) implements BlockState {}

    /// Not needed, or perhaps not this node's any more: no pod gets an address of it, and EC2 is to be asked.
    ///
    /// @param verifyAt when EC2 and the kernel are to be asked about it
    /// @param unverified whether EC2 may have taken it back already: then it is not used before EC2 was asked
    record Quarantined(Instant since, Instant verifyAt, boolean unverified) implements BlockState {}

    /// EC2 was asked to take it back.
    ///
    /// @param unverified as it was in quarantine
    /// @param unlisted whether EC2 did not list it since: by our call, or because somebody else took it
    record Leaving(Instant since, boolean unverified, boolean unlisted) implements BlockState {}

    /// EC2 does not list it, or listed it elsewhere: who has an address of it keeps it, nobody else gets one.
    ///
    /// @param firstMissing the first view of EC2 that lacked it
    /// @param lastMissing the last one
    record Disputed(Instant since, Instant firstMissing, Instant lastMissing) implements BlockState {}

    /// Not in the pool any more.
    record Removed(Instant since) implements BlockState {}
}
