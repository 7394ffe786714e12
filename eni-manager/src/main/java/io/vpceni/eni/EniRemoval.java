package io.vpceni.eni;

import io.vpceni.eni.Ec2Failure.Kind;
import io.vpceni.pool.EniId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes an ENI away: detached, waited for, deleted. What is gone already is fine.
final class EniRemoval {

    private static final Logger log = LoggerFactory.getLogger(EniRemoval.class);

    /// Detaching takes EC2 some seconds; deleting waits for it.
    private static final Backoff WAIT = new Backoff(Duration.ofMillis(250), Duration.ofSeconds(5), 16);

    /// EC2 may not show an ENI that it just made; after this many looks it is gone.
    private static final int GONE_LOOKS_MIN = 4;

    private final Ec2Verbs ec2;

    private final Pause pause;

    EniRemoval(Ec2Verbs ec2, Pause pause) {
        this.ec2 = ec2;
        this.pause = pause;
    }

    /// Takes a new ENI away that is of no use; tries for about a minute, whatever EC2 answers.
    void undo(EniId id) throws Ec2Failure, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            Ec2Failure refused;
            try {
                @Nullable EniAttachment tie = ec2.eni(id).attachment();
                if (tie == null) {
                    ec2.delete(id);
                    return;
                }
                if (tie.state() != EniAttachment.State.DETACHING) {
                    ec2.detach(id, tie.id());
                }
                refused = stillTied(id);
            } catch (Ec2Failure failure) {
                refused = failure;
                if (failure.kind() == Kind.NOT_FOUND && attempt >= GONE_LOOKS_MIN) {
                    ec2.delete(id);
                    return;
                }
            }
            if (attempt == WAIT.attemptsMax()) {
                throw refused;
            }
            pause.of(WAIT.after(attempt));
        }
    }

    /// Takes an ENI of this node away that nobody needs.
    ///
    /// @throws Ec2Failure of kind `OUTCOME_UNKNOWN` when the ENI may be detached and not deleted; of another
    ///     kind when it is as it was
    void remove(EniId id, String instanceId) throws Ec2Failure, InterruptedException {
        boolean begun = false;
        for (int attempt = 1; ; attempt++) {
            Ec2Failure refused;
            try {
                Ec2Eni eni = ec2.eni(id);
                @Nullable EniAttachment tie = eni.attachment();
                if (tie == null) {
                    begun = true;
                    ec2.delete(id);
                    return;
                }
                refuseUnlessOurs(eni, tie, instanceId);
                if (tie.state() == EniAttachment.State.DETACHING) {
                    begun = true;
                } else {
                    begun |= detach(id, tie);
                }
                refused = stillTied(id);
            } catch (Ec2Failure failure) {
                if (failure.kind() == Kind.NOT_FOUND) {
                    return;
                }
                begun |= failure.kind() == Kind.OUTCOME_UNKNOWN
                        && failure.action().startsWith("Detach");
                if (!begun) {
                    throw failure;
                }
                refused = failure;
            }
            if (attempt == WAIT.attemptsMax()) {
                throw new Ec2Failure(
                        Kind.OUTCOME_UNKNOWN,
                        refused.action(),
                        id.value(),
                        refused.code(),
                        "not taken away within " + WAIT.total().toSeconds() + " s",
                        refused);
            }
            pause.of(WAIT.after(attempt));
        }
    }

    private boolean detach(EniId id, EniAttachment tie) throws Ec2Failure {
        ec2.detach(id, tie.id());
        log.atDebug().addKeyValue("attachment", tie.id()).log("Detaching ENI");
        return true;
    }

    private static void refuseUnlessOurs(Ec2Eni eni, EniAttachment tie, String instanceId) throws Ec2Failure {
        if (!tie.instanceId().equals(instanceId)) {
            throw refusal(eni, "attached to " + tie.instanceId() + ", not to " + instanceId);
        }
        if (eni.isPrimary()) {
            throw refusal(eni, "the primary ENI stays");
        }
        switch (eni.role()) {
            case PODS, EXCLUDED -> {}
            case TRUNK, EFA, UNMANAGED -> throw refusal(eni, eni.role() + " is not ours to remove");
        }
    }

    private static Ec2Failure refusal(Ec2Eni eni, String detail) {
        return new Ec2Failure(Kind.CONFLICT, "DetachNetworkInterface", eni.id().value(), "not asked", detail, null);
    }

    private static Ec2Failure stillTied(EniId id) {
        return new Ec2Failure(Kind.CONFLICT, "DetachNetworkInterface", id.value(), "", "not detached yet", null);
    }
}
