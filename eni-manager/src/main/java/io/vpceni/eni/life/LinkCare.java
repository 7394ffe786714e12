package io.vpceni.eni.life;

import io.vpceni.pool.EniRole;
import io.vpceni.pool.Message;
import java.time.Instant;

/// Links of ENIs that are attached: those that did not come, or carry nothing any more, are waited for again, and the
/// pool hears when one is there. Meanwhile an ENI gives no addresses; what pods have on it stays theirs.
final class LinkCare {

    private static final int LOUD_AFTER = 3;

    private final Errands errands;
    private final NodeLives lives;

    LinkCare(Errands errands, NodeLives lives) {
        this.errands = errands;
        this.lives = lives;
    }

    void wanted(EniLife life, Instant now) {
        life.to(LifeStage.LINKING, "", now);
        errands.setUp(life.link);
    }

    void ready(EniLife life, Instant now) {
        if (life.stage == LifeStage.READY) {
            return;
        }
        life.to(LifeStage.READY, "", now);
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

    void failed(EniLife life, String reason, Instant now) {
        life.linkFailures++;
        if (life.told && !life.roleToTell && life.role == EniRole.PODS) {
            life.roleToTell = true;
            errands.tell(new Message.EniRoleIs(life.id, EniRole.EXCLUDED));
        }
        life.to(LifeStage.LINK_MISSING, reason, now);
        if (life.linkFailures % LOUD_AFTER == 1) {
            errands.notice(CloudNotice.Kind.LINK_MISSING, life.id.value(), reason);
        }
        errands.later(Waits.LONG.after(life.linkFailures), now, then -> {
            if (lives.ready(life.id).filter(here -> here == life).isPresent() && life.stage == LifeStage.LINK_MISSING) {
                wanted(life, then);
            }
        });
    }
}
