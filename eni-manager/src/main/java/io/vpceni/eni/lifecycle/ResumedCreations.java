package io.vpceni.eni.lifecycle;

import io.vpceni.eni.ClientToken;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Eni;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.EniAttachment;
import io.vpceni.pool.EniId;
import io.vpceni.pool.Lag;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What an earlier ipamd process began: it is finished or undone, by the intent that it wrote last.
final class ResumedCreations {

    private final PendingOperations operations;
    private final NodeEnis nodeEnis;
    private final EniRemovals removals;

    ResumedCreations(PendingOperations operations, NodeEnis nodeEnis, EniRemovals removals) {
        this.operations = operations;
        this.nodeEnis = nodeEnis;
        this.removals = removals;
    }

    void resume(Intent intent, Instant now) {
        switch (intent) {
            case Intent.Creating(ClientToken token, var _, var _, Instant _) ->
                nodeEnis.uncertain.add(new UncertainCreation(token, now, ""));
            case Intent.Attaching(ClientToken token, EniId eni, Instant _) -> begun(token, eni, now);
            case Intent.SettingDeleteOnTermination(ClientToken token, EniId eni, var _, Instant _) ->
                begun(token, eni, now);
            case Intent.Undoing(ClientToken token, EniId eni, Instant _) ->
                removals.resume(eni, new EniRemoval.Reason.FailedCreation(token), now);
            case Intent.Detaching(EniId eni, var _, Instant _) -> leaving(eni, now);
            case Intent.Deleting(EniId eni, Instant _) -> leaving(eni, now);
            case Intent.Added _, Intent.Undone _, Intent.Deleted _, Intent.Kept _ -> {}
        }
    }

    /// Still attached: nothing is known any more of who uses it, so it stays until the pool asks again.
    private void leaving(EniId eni, Instant now) {
        if (nodeEnis.attached.containsKey(eni)) {
            operations.write(new Intent.Kept(eni, now));
        } else {
            removals.resume(eni, new EniRemoval.Reason.Leaked(), now);
        }
    }

    /// Attached after all: it is kept. What it lacks, later looks correct.
    ///
    /// One that is not found may be attached all the same, with pods on it: the view of the start may be older.
    /// It is looked at again when views must show it; a look at all ENIs takes it in then.
    private void begun(ClientToken token, EniId eni, Instant now) {
        if (nodeEnis.attached.containsKey(eni)) {
            operations.write(new Intent.Added(token, eni, now));
        } else {
            operations.later(new DelayedOperation.UndoUnlessAttached(token, eni), Lag.MAX, now);
        }
    }

    void due(DelayedOperation.UndoUnlessAttached operation, Instant now) {
        ClientToken token = operation.token();
        EniId eni = operation.eni();
        if (nodeEnis.attached.containsKey(eni)) {
            operations.write(new Intent.Added(token, eni, now));
        } else if (nodeEnis.removals.containsKey(eni)) { // a clean-up found it first
            operations.write(new Intent.Undone(token, now));
        } else {
            operations.ask(
                    new Ec2Call.OneEni(eni), Priority.CLEAN_UP, new PendingOperation.DescribeResumed(token, eni), now);
        }
    }

    void concluded(PendingOperation.DescribeResumed operation, CallConclusion conclusion) {
        EniId id = operation.eni();
        Optional<Ec2Eni> seen = conclusion.eni();
        boolean gone = seen.isEmpty() && conclusion.asFailure().kind() == Ec2Failure.Kind.NOT_FOUND;
        boolean loose = seen.filter(eni -> !isAttachedHere(eni)).isPresent();
        boolean known = nodeEnis.attached.containsKey(id) || nodeEnis.removals.containsKey(id);
        if (!known && (loose || gone)) {
            removals.undo(id, operation.token(), Optional.empty(), List.of(), conclusion.at());
        } else {
            operations.later(
                    new DelayedOperation.UndoUnlessAttached(operation.token(), id),
                    RetryDelay.LONG.cap(),
                    conclusion.at());
        }
    }

    private boolean isAttachedHere(Ec2Eni eni) {
        EniAttachment attachment = eni.attachment();
        return attachment != null
                && nodeEnis.instanceId().equals(attachment.instanceId())
                && attachment.state() == EniAttachment.State.ATTACHED;
    }
}
