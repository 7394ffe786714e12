package io.vpceni.lab.simulate.incident;

import io.vpceni.config.AttachmentKey;
import io.vpceni.lab.simulate.check.Invariant;
import io.vpceni.lab.simulate.check.Violation;
import io.vpceni.lab.simulate.context.Choices;
import io.vpceni.lab.simulate.context.Coverage;
import io.vpceni.lab.simulate.context.Events;
import io.vpceni.lab.simulate.context.WorldParameters;
import io.vpceni.lab.simulate.port.Mutant;
import io.vpceni.lab.simulate.run.SimWorld;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A world without accidents, in which an incident makes happen what it wants.
public final class IncidentWorld {
    private static final Duration TICK = Duration.ofMillis(100);
    private static final int TICKS_MAX = 20;
    private static final int CALLS_MAX = 1000;

    private final SimWorld world;

    public IncidentWorld(WorldParameters parameters, Mutant mutant) {
        this.world =
                new SimWorld(parameters, Choices.replayed(List.of()), mutant, new Coverage(), new Events(Events.KEPT));
        world.start();
        settle();
    }

    public SimWorld world() {
        return world;
    }

    /// EC2 answers all that was asked, links come, and what the pool wanted is done.
    public void settle() {
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
    public void seconds(int seconds) {
        for (int i = 0; i < seconds; i++) {
            settle();
            world.passTime(Duration.ofSeconds(1));
        }
        settle();
    }

    public void minutes(int minutes) {
        seconds(60 * minutes);
    }

    /// A pod comes; EC2 is given no time.
    public AttachmentKey add() {
        return world.runtime().add();
    }

    public List<AttachmentKey> add(int count) {
        List<AttachmentKey> keys = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            keys.add(add());
            settle();
        }
        return keys;
    }

    public void del(AttachmentKey key) {
        world.runtime().del(key, false);
        settle();
    }

    public InetAddress addressOf(AttachmentKey key) {
        return world.kernel()
                .wiringOf(key)
                .orElseThrow(() -> new Violation(Invariant.PROGRESS, key.containerId() + " has no address"))
                .address();
    }

    public boolean runs(AttachmentKey key) {
        return world.kernel().wiringOf(key).isPresent();
    }

    /// ipamd is killed and is back after that time.
    public void restart(Duration away) {
        world.crash(away);
        settle();
    }

    /// All that runs is known and nothing else is held.
    public void requireOrder() {
        world.audit();
        world.checker().requireNoLeak(world.node().snapshot(world.now()), world.now());
    }

    public void require(boolean holds, Invariant invariant, String otherwise) {
        if (!holds) {
            throw new Violation(invariant, otherwise);
        }
    }
}
