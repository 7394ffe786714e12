package io.vpceni.eni.lifecycle;

import io.vpceni.pool.EniRole;
import io.vpceni.pool.Message;
import java.time.Instant;
import java.util.List;

/// Links of ENIs that are attached: those that are missing, or carry nothing any more, are waited for again, and the
/// pool hears when one is set up. Meanwhile an ENI gives no addresses; what pods have on it stays theirs.
final class LinkSetup {

    /// People hear of the first failure and of each third one after it.
    private static final int NOTICE_EVERY = 3;

    private final PendingOperations operations;
    private final NodeEnis nodeEnis;

    LinkSetup(PendingOperations operations, NodeEnis nodeEnis) {
        this.operations = operations;
        this.nodeEnis = nodeEnis;
    }

    void begin(NodeEni eni, Instant now) {
        eni.to(EniPhase.LINKING, "", now);
        operations.setUp(eni.link, eni.linkRequests);
    }

    void ready(NodeEni eni, Instant now) {
        if (eni.phase == EniPhase.READY) {
            return;
        }
        eni.to(EniPhase.READY, "", now);
        eni.linkFailures = 0;
        eni.linkRequests = List.of();
        if (eni.told && eni.roleToTell) {
            operations.tell(new Message.EniRoleIs(eni.id, eni.role));
        }
        eni.roleToTell = false;
        if (!eni.told) {
            eni.told = true;
            operations.tell(new Message.EniFound(eni.asPoolEni(nodeEnis.limits.slotsPerEni()), eni.found));
        }
    }

    void failed(NodeEni eni, String reason, Instant now) {
        eni.linkFailures++;
        if (eni.told && !eni.roleToTell && eni.role == EniRole.PODS) {
            eni.roleToTell = true;
            operations.tell(new Message.EniRoleIs(eni.id, EniRole.EXCLUDED));
        }
        eni.to(EniPhase.LINK_MISSING, reason, now);
        if (eni.linkFailures % NOTICE_EVERY == 1) {
            operations.notice(EniNotice.Kind.LINK_MISSING, eni.id.value(), reason, eni.linkRequests);
        }
        operations.later(new DelayedOperation.SetUpLinkAgain(eni), RetryDelay.LONG.delay(eni.linkFailures), now);
    }

    void due(DelayedOperation.SetUpLinkAgain operation, Instant now) {
        NodeEni eni = operation.eni();
        boolean here = nodeEnis.ready(eni.id).filter(known -> known == eni).isPresent();
        if (here && eni.phase == EniPhase.LINK_MISSING) {
            begin(eni, now);
        }
    }
}
