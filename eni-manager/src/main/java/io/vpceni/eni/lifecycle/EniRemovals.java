package io.vpceni.eni.lifecycle;

import io.vpceni.eni.Ec2Answer;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Eni;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.Ec2Failure.Kind;
import io.vpceni.eni.EniAttachment;
import io.vpceni.pool.AllocationError;
import io.vpceni.pool.Effect;
import io.vpceni.pool.EniId;
import io.vpceni.pool.EniRole;
import io.vpceni.pool.Lag;
import io.vpceni.pool.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// How an ENI goes: detached, waited for, deleted. A departure that began ends, however long it takes; one that EC2
/// refused before anything happened does not begin.
final class EniRemovals {

    /// Detaching takes EC2 two or three seconds.
    private static final Duration DETACH_TAKES = Duration.ofSeconds(2);

    /// What EC2 says of an ENI that is not loose yet; INVALID is its `InvalidParameterValue` ("currently in use").
    private static final Set<Kind> STILL_IN_USE = Set.of(Kind.CONFLICT, Kind.INVALID, Kind.OUTCOME_UNKNOWN);

    /// After so many refusals of a deletion the pool need not wait any longer: the ENI is detached.
    private static final int DELETE_TRIES_WAITED = 3;

    private final PendingOperations errands;
    private final NodeEnis lives;

    EniRemovals(PendingOperations errands, NodeEnis lives) {
        this.errands = errands;
        this.lives = lives;
    }

    /// The pool needs the ENI no longer, and has proof that nobody uses it.
    void wish(Effect.RemoveEni wish, Instant now) {
        @Nullable NodeEni life = lives.attached.get(wish.eni());
        @Nullable EniRemoval already = lives.departures.get(wish.eni());
        if (already != null) {
            already.wish = wish;
            return;
        }
        if (life == null) {
            errands.tell(new Message.EniRemoved(wish.request()));
            return;
        }
        if (life.primary || !life.isManaged()) {
            errands.fail(wish, AllocationError.OTHER, wish.eni() + " is not ours to remove: it is " + life.role);
            return;
        }
        EniRemoval departure = new EniRemoval(wish.eni(), EniRemoval.Reason.WISH, "", wish, now);
        departure.place = new NodeEnis.Place(life.networkCard, life.deviceIndex);
        departure.attachmentId = life.attachmentId;
        lives.departures.put(wish.eni(), departure);
        if (departure.attachmentId == null) {
            look(departure, now);
        } else {
            detach(departure, now);
        }
    }

    /// A birth came to nothing; what EC2 made of it goes again.
    void undo(EniId id, String token, @Nullable String attachmentId, NodeEnis.@Nullable Place place, Instant now) {
        errands.write(new Intent.Undoing(token, id, now));
        EniRemoval departure = new EniRemoval(id, EniRemoval.Reason.UNDO, token, null, now);
        departure.attachmentId = attachmentId;
        departure.place = place;
        lives.departures.put(id, departure);
        look(departure, now);
    }

    /// An ENI that was found attached to nothing.
    void leftOver(EniId id, Instant now) {
        EniRemoval departure = new EniRemoval(id, EniRemoval.Reason.LEFT_OVER, "", null, now);
        lives.departures.put(id, departure);
        delete(departure, now);
    }

    /// One that was being deleted, or undone, when ipamd ended.
    void goOn(EniId id, String token, Instant now) {
        EniRemoval.Reason reason = token.isEmpty() ? EniRemoval.Reason.LEFT_OVER : EniRemoval.Reason.UNDO;
        EniRemoval departure = new EniRemoval(id, reason, token, null, now);
        lives.departures.put(id, departure);
        look(departure, now);
    }

    private void detach(EniRemoval departure, Instant now) {
        String tie = String.valueOf(departure.attachmentId);
        errands.write(
                switch (departure.reason) {
                    case UNDO -> new Intent.Undoing(departure.token, departure.id, now);
                    case WISH, LEFT_OVER -> new Intent.Detaching(departure.id, tie, now);
                });
        Ec2Call call = new Ec2Call.Detach(departure.id, tie);
        errands.ask(call, Priority.CLEAN_UP, now, _ -> mayDetach(departure), (outcome, _, then) -> {
            departure.tries++;
            switch (outcome) {
                case CallOutcome.Answer _ -> {
                    departure.detachBegun = true;
                    departure.detachedAt = then;
                    lookLater(departure, DETACH_TAKES, then);
                }
                case CallOutcome.Failure(Ec2Failure failure) -> detachFailed(departure, failure, then);
            }
        });
    }

    /// One that somebody has marked as theirs stays, unless it may be on its way already.
    private boolean mayDetach(EniRemoval departure) {
        return departure.wish == null || departure.detachBegun || !lives.isUnmanaged(departure.id);
    }

    private void detachFailed(EniRemoval departure, Ec2Failure failure, Instant now) {
        departure.note = String.valueOf(failure.getMessage());
        switch (failure.kind()) {
            case OUTCOME_UNKNOWN -> {
                departure.detachBegun = true;
                lookLater(departure, RetryDelay.SHORT.after(departure.tries), now);
            }
            case NOT_FOUND, CONFLICT -> lookLater(departure, RetryDelay.SHORT.after(departure.tries), now);
            case THROTTLED,
                    SUBNET_EXHAUSTED,
                    NO_CONTIGUOUS_PREFIX,
                    ENI_LIMIT,
                    ADDRESS_LIMIT,
                    UNAUTHORIZED,
                    NOT_AUTHENTICATED,
                    NO_CREDENTIALS,
                    UNAVAILABLE,
                    INVALID,
                    OTHER -> {
                if (!stays(departure, failure, now)) {
                    lookLater(departure, RetryDelay.LONG.after(departure.tries), now);
                }
            }
        }
    }

    /// Nothing has happened: the ENI stays, and the pool may ask again.
    private boolean stays(EniRemoval departure, Ec2Failure failure, Instant now) {
        Effect.@Nullable RemoveEni wish = departure.wish;
        if (wish == null || departure.detachBegun || !lives.attached.containsKey(departure.id)) {
            return false;
        }
        lives.departures.remove(departure.id);
        errands.write(new Intent.Kept(departure.id, now));
        errands.fail(wish, AllocationErrors.of(failure.kind()), String.valueOf(failure.getMessage()));
        return true;
    }

    private void lookLater(EniRemoval departure, Duration wait, Instant now) {
        errands.later(wait, now, then -> look(departure, then));
    }

    private void look(EniRemoval departure, Instant now) {
        Ec2Call call = new Ec2Call.OneEni(departure.id);
        errands.ask(call, Priority.LOOK, now, (outcome, asked, then) -> {
            if (outcome instanceof CallOutcome.Answer(Ec2Answer.Enis(var enis)) && enis.size() == 1) {
                seen(departure, enis.getFirst(), asked, then);
            } else {
                notSeen(departure, PendingOperations.misfit(call, outcome), asked, then);
            }
        });
    }

    private void seen(EniRemoval departure, Ec2Eni eni, Instant asked, Instant now) {
        @Nullable EniAttachment tie = eni.attachment();
        boolean somebodyElses = departure.reason == EniRemoval.Reason.LEFT_OVER && eni.role() != EniRole.PODS;
        if (tie == null && somebodyElses) {
            kept(departure, now);
        } else if (tie == null) {
            delete(departure, now);
        } else if (!tie.instanceId().equals(lives.instanceId())) {
            departure.note = "it is attached to " + tie.instanceId() + " now";
            gone(departure, now); // somebody else's business
        } else if (tie.state() == EniAttachment.State.DETACHING) {
            departure.detachBegun = true;
            departure.tries++;
            departure.note = "EC2 is detaching it";
            lookLater(departure, RetryDelay.LONG.after(departure.tries), now);
        } else {
            boolean tellsOfDetach = !departure.detachBegun || asked.isAfter(departure.detachedAt.plus(Lag.MAX));
            departure.attachmentId = tie.id();
            departure.place = new NodeEnis.Place(tie.networkCard(), tie.deviceIndex());
            departure.tries++;
            if (departure.reason == EniRemoval.Reason.LEFT_OVER && !departure.detachBegun) {
                kept(departure, now); // the view that showed it loose was older than its attachment
            } else if (tellsOfDetach || departure.stage == EniPhase.DELETING) {
                departure.to(EniPhase.DETACHING, now);
                detach(departure, now);
            } else {
                lookLater(departure, RetryDelay.SHORT.after(departure.tries), now);
            }
        }
    }

    private void kept(EniRemoval departure, Instant now) {
        lives.departures.remove(departure.id);
        lives.back(departure.id);
        errands.write(new Intent.Kept(departure.id, now));
    }

    private void notSeen(EniRemoval departure, Ec2Failure failure, Instant asked, Instant now) {
        departure.tries++;
        departure.note = String.valueOf(failure.getMessage());
        if (failure.kind() != Kind.NOT_FOUND) {
            if (failure.kind() == Kind.OUTCOME_UNKNOWN || !stays(departure, failure, now)) {
                lookLater(departure, RetryDelay.LONG.after(departure.tries), now);
            }
        } else if (departure.reason == EniRemoval.Reason.WISH || asked.isAfter(departure.begun.plus(Lag.MAX))) {
            gone(departure, now);
        } else if (!departure.deleted) {
            delete(departure, now); // too new to show in every view
        } else {
            lookLater(departure, RetryDelay.LONG.most(), now);
        }
    }

    private void delete(EniRemoval departure, Instant now) {
        if (departure.stage != EniPhase.DELETING) {
            departure.to(EniPhase.DELETING, now);
            if (departure.reason != EniRemoval.Reason.UNDO) {
                departure.place = null;
            }
            lives.attached.remove(departure.id);
            lives.noteLeft(departure.id, now);
            if (departure.reason == EniRemoval.Reason.WISH) { // the others are perhaps attached after all
                errands.takeDown(departure.id);
            }
        }
        errands.write(
                switch (departure.reason) {
                    case UNDO -> new Intent.Undoing(departure.token, departure.id, now);
                    case WISH, LEFT_OVER -> new Intent.Deleting(departure.id, now);
                });
        boolean ours = departure.reason != EniRemoval.Reason.LEFT_OVER;
        Predicate<Instant> stillWanted = then -> ours || isRecent(now, then);
        errands.ask(new Ec2Call.Delete(departure.id), Priority.CLEAN_UP, now, stillWanted, (outcome, _, then) -> {
            departure.tries++;
            switch (outcome) {
                case CallOutcome.Answer _ -> {
                    departure.deleted = true;
                    departure.place =
                            null; // not before: the view that showed it loose may be older than its attachment
                    if (departure.reason == EniRemoval.Reason.UNDO && then.isBefore(departure.begun.plus(Lag.MAX))) {
                        // EC2 may not have known it yet, and calls that deleted as well.
                        lookLater(
                                departure,
                                Duration.between(then, departure.begun.plus(Lag.MAX))
                                        .plusSeconds(1),
                                then);
                    } else {
                        gone(departure, then);
                    }
                }
                case CallOutcome.Failure(Ec2Failure failure) -> {
                    departure.note = String.valueOf(failure.getMessage());
                    if (departure.tries >= DELETE_TRIES_WAITED) {
                        removed(departure);
                    }
                    boolean soon = STILL_IN_USE.contains(failure.kind());
                    lookLater(departure, (soon ? RetryDelay.SHORT : RetryDelay.LONG).after(departure.tries), then);
                }
            }
        });
    }

    /// Whether what a view showed of somebody's ENI still tells: later it may be in use, or marked as not to be
    /// managed.
    static boolean isRecent(Instant seen, Instant now) {
        return !now.isAfter(seen.plus(Lag.MAX));
    }

    /// The node has a place more, whatever comes of the rest.
    private void removed(EniRemoval departure) {
        Effect.@Nullable RemoveEni wish = departure.wish;
        if (wish != null) {
            departure.wish = null;
            errands.tell(new Message.EniRemoved(wish.request()));
        }
    }

    private void gone(EniRemoval departure, Instant now) {
        lives.departures.remove(departure.id);
        boolean wasAttached = lives.attached.remove(departure.id) != null;
        if (wasAttached || departure.stage == EniPhase.DETACHING || departure.reason == EniRemoval.Reason.UNDO) {
            errands.takeDown(departure.id);
        }
        lives.noteLeft(departure.id, now);
        removed(departure);
        String id = departure.id.value();
        switch (departure.reason) {
            case WISH -> {
                errands.write(new Intent.Deleted(departure.id, now));
                errands.notice(EniNotice.Kind.ENI_REMOVED, id, "Detached and deleted " + id);
            }
            case UNDO -> {
                errands.write(new Intent.Undone(departure.token, now));
                errands.notice(EniNotice.Kind.ENI_UNDONE, id, "Took " + id + " away again");
            }
            case LEFT_OVER -> {
                errands.write(new Intent.Deleted(departure.id, now));
                errands.notice(
                        EniNotice.Kind.LEAKED_ENI_DELETED, id, "Deleted " + id + ", which was attached to nothing");
            }
        }
    }
}
