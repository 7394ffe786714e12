package io.vpceni.eni.lifecycle;

import io.vpceni.config.DeviceSlot;
import io.vpceni.eni.ClientToken;
import io.vpceni.pool.Effect;
import io.vpceni.pool.EniId;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/// An ENI on its way out. Mutable; what happens to it is decided by [EniRemovals].
final class EniRemoval {

    /// Why it goes.
    sealed interface Reason {
        /// The pool does not need it.
        record Requested() implements Reason {}

        /// Its creation failed.
        ///
        /// @param token of the creation
        record FailedCreation(ClientToken token) implements Reason {}

        /// It was found attached to nothing.
        record Leaked() implements Reason {}
    }

    final EniId id;
    final Reason reason;
    final Instant begun;

    /// The pool's request that waits for it; empty when none does, or it was answered.
    Optional<Effect.RemoveEni> waiting = Optional.empty();

    /// Numbers of the pool's requests that it belongs to, answered or not: those that want it removed, and the one
    /// whose ENI it was to be.
    final Set<Long> requests = new LinkedHashSet<>();

    /// Where it is attached, as far as is known.
    Optional<DeviceSlot> slot = Optional.empty();

    /// Another node of the cluster made it: only the node that is elected to may delete it.
    boolean ofAnotherNode;

    /// EC2 was asked to detach it and did, or may have.
    boolean detachBegun;

    /// When the last detach ended: older views do not show it.
    Instant detachedAt;

    /// EC2 was asked to delete it and did.
    boolean deleted;

    /// Tries of the present step.
    int tries;

    String note = "";
    private EniPhase phase = EniPhase.DETACHING;
    private Instant since;

    EniRemoval(EniId id, Reason reason, Instant now) {
        this.id = id;
        this.reason = reason;
        this.begun = now;
        this.since = now;
        this.detachedAt = now;
    }

    boolean isRequested() {
        return reason instanceof Reason.Requested;
    }

    boolean isUndo() {
        return reason instanceof Reason.FailedCreation;
    }

    boolean isLeaked() {
        return reason instanceof Reason.Leaked;
    }

    EniPhase phase() {
        return phase;
    }

    /// The next step.
    void begin(EniPhase next, Instant now) {
        phase = next;
        since = now;
        note = "";
        tries = 0;
    }

    EniStatus state() {
        return new EniStatus(new EniReference.ById(id), phase, slot, since, note);
    }
}
