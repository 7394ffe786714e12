package io.vpceni.lab.simulate;

import io.vpceni.config.AttachmentKey;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A world without accidents, in which a history makes happen what it wants.
final class IncidentWorld {
    private static final Duration TICK = Duration.ofMillis(100);
    private static final int TICKS_MAX = 20;
    private static final int CALLS_MAX = 1000;

    private final SimWorld world;

    IncidentWorld(WorldParameters terms, Mutant mutant) {
        this.world = new SimWorld(terms, Choices.replayed(List.of()), mutant, new Coverage(), new Events(Events.KEPT));
        world.start();
        cloud();
    }

    SimWorld world() {
        return world;
    }

    /// EC2 answers all that was asked, links come, and what the pool wanted is done.
    void cloud() {
        for (int i = 0; i < TICKS_MAX; i++) {
            for (int j = 0; j < CALLS_MAX && !world.calls().isEmpty(); j++) {
                world.calls().goOn();
            }
            if (world.requests().open().isEmpty()) {
                break;
            }
            world.passTime(TICK);
        }
        world.runtime().settle();
    }

    /// Time passes; EC2 answers within a second.
    void seconds(int seconds) {
        for (int i = 0; i < seconds; i++) {
            cloud();
            world.passTime(Duration.ofSeconds(1));
        }
        cloud();
    }

    void minutes(int minutes) {
        seconds(60 * minutes);
    }

    /// A pod comes; EC2 is given no time.
    AttachmentKey add() {
        return world.runtime().add();
    }

    List<AttachmentKey> add(int count) {
        List<AttachmentKey> keys = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            keys.add(add());
            cloud();
        }
        return keys;
    }

    void del(AttachmentKey key) {
        world.runtime().del(key, false);
        cloud();
    }

    InetAddress addressOf(AttachmentKey key) {
        return world.kernel()
                .wiringOf(key)
                .orElseThrow(() -> new Violation(Invariant.PROGRESS, key.containerId() + " has no address"))
                .address();
    }

    boolean runs(AttachmentKey key) {
        return world.kernel().wiringOf(key).isPresent();
    }

    /// ipamd is killed and is back after that time.
    void restart(Duration away) {
        world.crash(away);
        cloud();
    }

    /// All that runs is known and nothing else is held.
    void requireOrder() {
        world.audit();
        world.checker().requireNoLeak(world.node().snapshot(world.now()), world.now());
    }

    void require(boolean holds, Invariant invariant, String otherwise) {
        if (!holds) {
            throw new Violation(invariant, otherwise);
        }
    }
}
