package io.vpceni.lab.simulate;

import io.vpceni.eni.lifecycle.EniMessage;
import io.vpceni.pool.Message;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/// Messages to ipamd's two owners, and from the machine of ENIs to the pool.
final class MessageQueue {
    private final SimWorld world;

    /// From the machine of ENIs to the pool.
    private final Deque<Message> mail = new ArrayDeque<>();

    private final Deque<EniMessage> heardNext = new ArrayDeque<>();
    private boolean sorting;
    private int lives;
    private long messages;

    MessageQueue(SimWorld world) {
        this.world = world;
    }

    long messages() {
        return messages;
    }

    /// Hands a message to the pool.
    ///
    /// @return false when ipamd died of it
    boolean deliver(Message message) {
        int life = lives;
        give(message);
        sort();
        return life == lives;
    }

    private void give(Message message) {
        world.seen(message);
        messages++;
        // A release is timed by the true clock: the rest that follows is measured from there.
        Instant clock = message instanceof Message.Release ? world.now() : clock();
        try {
            world.mutant().message(message, world, told -> world.node().take(told, clock));
        } catch (Crash _) {
            world.crash();
            return;
        }
        SimNode node = world.node();
        world.checker().handled(node.latest());
        node.lookAgainAt().ifPresent(at -> world.checker().looksAgain(at, node.latest()));
    }

    /// What time ipamd takes it to be.
    private Instant clock() {
        return world.accident(SimulatedFault.CLOCK_BACK)
                ? world.now().minusMillis(world.choices().of(5000))
                : world.now();
    }

    /// Hands a message to the machine of ENIs.
    ///
    /// @return false when ipamd died of it
    boolean hear(EniMessage message) {
        int life = lives;
        world.note(message);
        world.coverage().heard(message);
        messages++;
        Instant clock = clock();
        try {
            world.mutant().hears(message, world, told -> world.node().hear(told, clock));
        } catch (Crash _) {
            world.crash();
            return false;
        }
        if (message instanceof EniMessage.Tick) {
            world.node()
                    .cloudLooksAgainAt(clock)
                    .ifPresent(at -> world.checker().looksAgain(at, clock));
        }
        sort();
        return life == lives;
    }

    /// The machine of ENIs hears that next.
    void hearNext(EniMessage message) {
        heardNext.addLast(message);
    }

    /// The machine of ENIs tells the pool something.
    void mail(Message message) {
        mail.addLast(message);
    }

    /// What the machine of ENIs told arrives.
    private void sort() {
        if (sorting) {
            return; // in its turn
        }
        sorting = true;
        do {
            for (Message next = mail.pollFirst(); next != null; next = mail.pollFirst()) {
                world.views().told(next);
                world.checker().tells(next, world.links(), world.now());
                world.requests().told(next);
                give(next);
            }
            Optional.ofNullable(heardNext.pollFirst()).ifPresent(this::hear);
        } while (!mail.isEmpty() || !heardNext.isEmpty());
        sorting = false;
    }

    /// ipamd is dead: nothing that was under way arrives.
    void died() {
        lives++;
        mail.clear();
        heardNext.clear();
    }
}
