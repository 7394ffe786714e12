package io.vpceni.eni.lifecycle;

import io.vpceni.config.Backoff;
import io.vpceni.config.DeviceSlot;
import io.vpceni.eni.AttachmentId;
import io.vpceni.eni.ClientToken;
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
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// How an ENI goes: detached, waited for, deleted. A removal that began ends, however long it takes; one that EC2
/// refused before anything happened does not begin.
final class EniRemovals {

    /// Detaching takes EC2 two or three seconds.
    private static final Duration DETACH_TAKES = Duration.ofSeconds(2);

    /// What EC2 says of an ENI that is not detached yet; INVALID is its `InvalidParameterValue` ("currently in
    /// use").
    private static final Set<Kind> STILL_IN_USE = Set.of(Kind.CONFLICT, Kind.INVALID, Kind.OUTCOME_UNKNOWN);

    /// The ENI may be on its way out already: how far it is shows soon.
    private static final Set<Kind> OTHER_STATE = Set.of(Kind.CONFLICT, Kind.NOT_FOUND, Kind.OUTCOME_UNKNOWN);

    /// After so many refusals of a deletion the pool need not wait any longer: the ENI is detached.
    private static final int DELETE_TRIES_WAITED = 3;

    private final PendingOperations operations;
    private final NodeEnis nodeEnis;
    private final Leadership leadership;

    EniRemovals(PendingOperations operations, NodeEnis nodeEnis, Leadership leadership) {
        this.operations = operations;
        this.nodeEnis = nodeEnis;
        this.leadership = leadership;
    }

    /// The pool needs the ENI no longer, and has proof that nobody uses it.
    void remove(Effect.RemoveEni request, Instant now) {
        Optional<EniRemoval> already = Optional.ofNullable(nodeEnis.removals.get(request.eni()));
        if (already.isPresent()) {
            already.get().waiting = Optional.of(request);
            already.get().requests.add(request.request());
            return;
        }
        Optional<NodeEni> attached = Optional.ofNullable(nodeEnis.attached.get(request.eni()));
        if (attached.isEmpty()) {
            operations.tell(new Message.EniRemoved(request.request()));
            return;
        }
        NodeEni eni = attached.get();
        if (eni.isPrimary() || !eni.isManaged()) {
            operations.fail(
                    request, AllocationError.OTHER, request.eni() + " is not ours to remove: it is " + eni.role);
            return;
        }
        EniRemoval removal = begin(request.eni(), new EniRemoval.Reason.Requested(), now);
        removal.waiting = Optional.of(request);
        removal.requests.add(request.request());
        removal.slot = Optional.of(eni.slot);
        eni.attachmentId.ifPresentOrElse(
                attachmentId -> detach(removal, attachmentId, now), () -> describe(removal, now));
    }

    /// A creation failed; what EC2 made of it goes again.
    ///
    /// @param requests number of the request that it was for; empty when an earlier ipamd process had that
    void undo(EniId id, ClientToken token, Optional<DeviceSlot> slot, List<Long> requests, Instant now) {
        operations.write(new Intent.Undoing(token, id, now));
        EniRemoval removal = begin(id, new EniRemoval.Reason.FailedCreation(token), now);
        removal.slot = slot;
        removal.requests.addAll(requests);
        describe(removal, now);
    }

    /// An ENI that was found attached to nothing.
    ///
    /// @param ofAnotherNode of the cluster; false for one that this node made
    void leaked(EniId id, boolean ofAnotherNode, Instant now) {
        EniRemoval removal = begin(id, new EniRemoval.Reason.Leaked(), now);
        removal.ofAnotherNode = ofAnotherNode;
        delete(removal, now);
    }

    /// One that was being removed when ipamd ended.
    void resume(EniId id, EniRemoval.Reason reason, Instant now) {
        describe(begin(id, reason, now), now);
    }

    private EniRemoval begin(EniId id, EniRemoval.Reason reason, Instant now) {
        EniRemoval removal = new EniRemoval(id, reason, now);
        nodeEnis.removals.put(id, removal);
        return removal;
    }

    /// Whether a call whose turn has come is to leave.
    ///
    /// @param asked when it was wanted
    boolean isStillWanted(PendingOperation.OfRemoval operation, Instant asked, Instant now) {
        return switch (operation) {
            case PendingOperation.Detach(EniRemoval removal) -> mayDetach(removal);
            case PendingOperation.Delete(EniRemoval removal) ->
                !removal.isLeaked() || (isRecent(asked, now) && !isLeftToLeader(removal));
            case PendingOperation.DescribeRemoval _ -> true;
        };
    }

    /// One that another node made and left is the elected node's to delete, also when this node began to.
    private boolean isLeftToLeader(EniRemoval removal) {
        return removal.isLeaked() && removal.ofAnotherNode && leadership.role() == Leadership.Role.FOLLOWER;
    }

    void concluded(PendingOperation.OfRemoval operation, CallConclusion conclusion) {
        switch (operation) {
            case PendingOperation.Detach(EniRemoval removal) -> detachEnded(removal, conclusion);
            case PendingOperation.DescribeRemoval(EniRemoval removal) ->
                conclusion
                        .eni()
                        .ifPresentOrElse(
                                eni -> described(removal, eni, conclusion.asked(), conclusion.at()),
                                () -> notDescribed(
                                        removal, conclusion.asFailure(), conclusion.asked(), conclusion.at()));
            case PendingOperation.Delete(EniRemoval removal) -> deleteEnded(removal, conclusion);
        }
    }

    // ---- detach

    private void detach(EniRemoval removal, AttachmentId attachmentId, Instant now) {
        operations.write(
                switch (removal.reason) {
                    case EniRemoval.Reason.FailedCreation(ClientToken token) ->
                        new Intent.Undoing(token, removal.id, now);
                    case EniRemoval.Reason.Requested _, EniRemoval.Reason.Leaked _ ->
                        new Intent.Detaching(removal.id, attachmentId, now);
                });
        operations.ask(
                new Ec2Call.Detach(removal.id, attachmentId),
                Priority.CLEAN_UP,
                new PendingOperation.Detach(removal),
                now);
    }

    /// One that somebody has marked as theirs stays, unless it may be on its way already.
    private boolean mayDetach(EniRemoval removal) {
        return removal.waiting.isEmpty() || removal.detachBegun || !nodeEnis.isUnmanaged(removal.id);
    }

    private void detachEnded(EniRemoval removal, CallConclusion conclusion) {
        removal.tries++;
        switch (conclusion.outcome()) {
            case CallOutcome.Answer _ -> {
                removal.detachBegun = true;
                removal.detachedAt = conclusion.at();
                describeLater(removal, DETACH_TAKES, conclusion.at());
            }
            case CallOutcome.Failure(Ec2Failure failure) -> detachFailed(removal, failure, conclusion.at());
        }
    }

    private void detachFailed(EniRemoval removal, Ec2Failure failure, Instant now) {
        removal.note = failure.text();
        boolean soon = OTHER_STATE.contains(failure.kind());
        if (failure.kind().mayHaveHappened()) {
            removal.detachBegun = true;
        }
        if (soon) {
            describeLater(removal, RetryDelay.SHORT.delay(removal.tries), now);
        } else if (!stays(removal, failure, now)) {
            describeLater(removal, RetryDelay.LONG.delay(removal.tries), now);
        }
    }

    /// Nothing has happened: the ENI stays, and the pool may ask again.
    private boolean stays(EniRemoval removal, Ec2Failure failure, Instant now) {
        if (removal.waiting.isEmpty() || removal.detachBegun || !nodeEnis.attached.containsKey(removal.id)) {
            return false;
        }
        nodeEnis.removals.remove(removal.id);
        operations.write(new Intent.Kept(removal.id, now));
        operations.fail(removal.waiting.get(), AllocationErrors.of(failure.kind()), failure.text());
        return true;
    }

    // ---- how far it is

    private void describeLater(EniRemoval removal, Duration wait, Instant now) {
        operations.later(new DelayedOperation.DescribeRemovalLater(removal), wait, now);
    }

    /// Asks EC2 how far it is.
    void describe(EniRemoval removal, Instant now) {
        operations.ask(
                new Ec2Call.OneEni(removal.id), Priority.LOOK, new PendingOperation.DescribeRemoval(removal), now);
    }

    private void described(EniRemoval removal, Ec2Eni eni, Instant asked, Instant now) {
        EniAttachment attachment = eni.attachment();
        removal.ofAnotherNode = nodeEnis.isOfAnotherNode(eni); // a removal that a restart cut off does not say
        if (attachment == null && removal.isLeaked() && eni.role() != EniRole.PODS) {
            kept(removal, now); // somebody else's
        } else if (attachment == null && isLeftToLeader(removal)) {
            kept(removal, now);
        } else if (attachment == null) {
            delete(removal, now);
        } else if (!nodeEnis.instanceId().equals(attachment.instanceId())) {
            removal.note = "it is attached to " + attachment.instanceId() + " now";
            gone(removal, now); // somebody else's business
        } else if (attachment.state() == EniAttachment.State.DETACHING) {
            removal.detachBegun = true;
            removal.tries++;
            removal.note = "EC2 is detaching it";
            describeLater(removal, RetryDelay.LONG.delay(removal.tries), now);
        } else {
            attachedStill(removal, attachment, asked, now);
        }
    }

    private void attachedStill(EniRemoval removal, EniAttachment attachment, Instant asked, Instant now) {
        boolean tellsOfDetach = !removal.detachBegun || asked.isAfter(removal.detachedAt.plus(Lag.MAX));
        removal.slot = Optional.of(attachment.slot());
        removal.tries++;
        if (removal.isLeaked() && !removal.detachBegun) {
            kept(removal, now); // the view that showed it unattached was older than its attachment
        } else if (tellsOfDetach || removal.phase() == EniPhase.DELETING) {
            removal.begin(EniPhase.DETACHING, now);
            detach(removal, attachment.id(), now);
        } else {
            describeLater(removal, RetryDelay.SHORT.delay(removal.tries), now);
        }
    }

    private void kept(EniRemoval removal, Instant now) {
        nodeEnis.removals.remove(removal.id);
        nodeEnis.noteBack(removal.id);
        operations.write(new Intent.Kept(removal.id, now));
    }

    private void notDescribed(EniRemoval removal, Ec2Failure failure, Instant asked, Instant now) {
        removal.tries++;
        removal.note = failure.text();
        if (failure.kind() != Kind.NOT_FOUND) {
            if (failure.kind() == Kind.OUTCOME_UNKNOWN || !stays(removal, failure, now)) {
                describeLater(removal, RetryDelay.LONG.delay(removal.tries), now);
            }
        } else if (removal.isRequested() || asked.isAfter(removal.begun.plus(Lag.MAX))) {
            gone(removal, now);
        } else if (!removal.deleted) {
            delete(removal, now); // too new to show in every view
        } else {
            describeLater(removal, RetryDelay.LONG.cap(), now);
        }
    }

    // ---- delete

    private void delete(EniRemoval removal, Instant now) {
        if (removal.phase() != EniPhase.DELETING) {
            removal.begin(EniPhase.DELETING, now);
            if (!removal.isUndo()) {
                removal.slot = Optional.empty();
            }
            nodeEnis.attached.remove(removal.id);
            nodeEnis.noteLeft(removal.id, now);
            if (removal.isRequested()) { // the others are perhaps attached after all
                operations.takeDown(removal.id, List.copyOf(removal.requests));
            }
        }
        operations.write(
                switch (removal.reason) {
                    case EniRemoval.Reason.FailedCreation(ClientToken token) ->
                        new Intent.Undoing(token, removal.id, now);
                    case EniRemoval.Reason.Requested _, EniRemoval.Reason.Leaked _ ->
                        new Intent.Deleting(removal.id, now);
                });
        operations.ask(new Ec2Call.Delete(removal.id), Priority.CLEAN_UP, new PendingOperation.Delete(removal), now);
    }

    private void deleteEnded(EniRemoval removal, CallConclusion conclusion) {
        removal.tries++;
        switch (conclusion.outcome()) {
            case CallOutcome.Answer _ -> deleted(removal, conclusion.at());
            case CallOutcome.Failure(Ec2Failure failure) -> {
                removal.note = failure.text();
                if (removal.tries >= DELETE_TRIES_WAITED) {
                    tellPool(removal);
                }
                Backoff delay = STILL_IN_USE.contains(failure.kind()) ? RetryDelay.SHORT : RetryDelay.LONG;
                describeLater(removal, delay.delay(removal.tries), conclusion.at());
            }
        }
    }

    private void deleted(EniRemoval removal, Instant now) {
        removal.deleted = true;
        removal.slot = Optional.empty(); // not before: the view that showed it unattached may be older than that
        Instant shown = removal.begun.plus(Lag.MAX);
        if (removal.isUndo() && now.isBefore(shown)) {
            // EC2 may not have known it yet, and calls that deleted as well.
            describeLater(removal, Duration.between(now, shown).plusSeconds(1), now);
        } else {
            gone(removal, now);
        }
    }

    /// Whether what a view showed of somebody's ENI still tells: later it may be in use, or marked as not to be
    /// managed.
    static boolean isRecent(Instant seen, Instant now) {
        return !now.isAfter(seen.plus(Lag.MAX));
    }

    /// The node has a slot more, whatever comes of the rest.
    private void tellPool(EniRemoval removal) {
        removal.waiting.ifPresent(request -> operations.tell(new Message.EniRemoved(request.request())));
        removal.waiting = Optional.empty();
    }

    private void gone(EniRemoval removal, Instant now) {
        nodeEnis.removals.remove(removal.id);
        boolean wasAttached = nodeEnis.attached.remove(removal.id) != null;
        if (wasAttached || removal.phase() == EniPhase.DETACHING || removal.isUndo()) {
            operations.takeDown(removal.id, List.copyOf(removal.requests));
        }
        nodeEnis.noteLeft(removal.id, now);
        tellPool(removal);
        String id = removal.id.value();
        List<Long> requests = List.copyOf(removal.requests);
        switch (removal.reason) {
            case EniRemoval.Reason.Requested _ -> {
                operations.write(new Intent.Deleted(removal.id, now));
                operations.notice(EniNotice.Kind.ENI_REMOVED, id, removal.note, requests);
            }
            case EniRemoval.Reason.FailedCreation(ClientToken token) -> {
                operations.write(new Intent.Undone(token, now));
                operations.notice(EniNotice.Kind.ENI_UNDONE, id, removal.note, requests);
            }
            case EniRemoval.Reason.Leaked _ -> {
                operations.write(new Intent.Deleted(removal.id, now));
                operations.notice(EniNotice.Kind.LEAKED_ENI_DELETED, id, removal.note, requests);
            }
        }
    }
}
