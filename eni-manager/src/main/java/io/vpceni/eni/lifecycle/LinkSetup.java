package io.vpceni.eni.lifecycle;

import io.vpceni.pool.EniRole;
import io.vpceni.pool.Message;
import java.time.Instant;

/// Links of ENIs that are attached: those that did not come, or carry nothing any more, are waited for again, and the
/// pool hears when one is there. Meanwhile an ENI gives no addresses; what pods have on it stays theirs.
final class LinkSetup {

    private static final int LOUD_AFTER = 3;

    private final PendingOperations errands;
    private final NodeEnis lives;

    LinkSetup(PendingOperations errands, NodeEnis lives) {
        this.errands = errands;
        this.lives = lives;
    }

    void wanted(NodeEni life, Instant now) {
        life.to(EniPhase.LINKING, "", now);
        errands.setUp(life.link);
    }

    void ready(NodeEni life, Instant now) {
        if (life.stage == EniPhase.READY) {
            return;
        }
        life.to(EniPhase.READY, "", now);
        life.linkFailures = 0;
        if (life.told && life.roleToTell) {
            errands.tell(new Message.EniRoleIs(life.id, life.role));
        }
        life.roleToTell = false;
        if (!life.told) {
            life.told = true;
            errands.tell(new Message.EniReady(0, life.asPoolEni(lives.limits.slotsPerEni()), life.found));
        }
    }

    void failed(NodeEni life, String reason, Instant now) {
        life.linkFailures++;
        if (life.told && !life.roleToTell && life.role == EniRole.PODS) {
            life.roleToTell = true;
            errands.tell(new Message.EniRoleIs(life.id, EniRole.EXCLUDED));
        }
        life.to(EniPhase.LINK_MISSING, reason, now);
        if (life.linkFailures % LOUD_AFTER == 1) {
            errands.notice(EniNotice.Kind.LINK_MISSING, life.id.value(), reason);
        }
        errands.later(RetryDelay.LONG.after(life.linkFailures), now, then -> {
            if (lives.ready(life.id).filter(here -> here == life).isPresent() && life.stage == EniPhase.LINK_MISSING) {
                wanted(life, then);
            }
        });
    }
}
