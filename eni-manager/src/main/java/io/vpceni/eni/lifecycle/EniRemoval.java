package io.vpceni.eni.lifecycle;

import io.vpceni.pool.Effect;
import io.vpceni.pool.EniId;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An ENI on its way out. Mutable; what happens to it is decided by [EniRemovals].
final class EniRemoval {

    /// Why it goes.
    enum Reason {
        /// The pool does not need it.
        WISH,
        /// It was begun and is of no use.
        UNDO,
        /// It was found attached to nothing.
        LEFT_OVER
    }

    final EniId id;
    final Reason reason;
    final Instant begun;

    /// The pool's request; null when it is none, or was answered.
    Effect.@Nullable RemoveEni wish;

    /// Of the birth that is undone; "" otherwise.
    final String token;

    EniPhase stage = EniPhase.DETACHING;
    Instant since;
    String note = "";

    @Nullable
    String attachmentId;

    NodeEnis.@Nullable Place place;

    /// EC2 was asked to detach it and did, or may have.
    boolean detachBegun;

    /// When the last detach ended: older views do not show it.
    Instant detachedAt;

    /// EC2 was asked to delete it and did.
    boolean deleted;

    int tries;

    EniRemoval(EniId id, Reason reason, String token, Effect.@Nullable RemoveEni wish, Instant now) {
        this.id = id;
        this.reason = reason;
        this.token = token;
        this.wish = wish;
        this.begun = now;
        this.since = now;
        this.detachedAt = now;
    }

    Optional<NodeEnis.Place> place() {
        return Optional.ofNullable(place);
    }

    void to(EniPhase next, Instant now) {
        stage = next;
        since = now;
        note = "";
        tries = 0;
    }

    EniStatus state() {
        return new EniStatus(
                id.value(),
                stage,
                place == null ? -1 : place.networkCard(),
                place == null ? -1 : place.deviceIndex(),
                since,
                note);
    }
}
