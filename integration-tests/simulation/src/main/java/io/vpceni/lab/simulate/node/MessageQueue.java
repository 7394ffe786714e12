package io.vpceni.lab.simulate.node;

import io.vpceni.eni.lifecycle.EniMessage;
import io.vpceni.lab.simulate.check.Checker;
import io.vpceni.lab.simulate.context.Crash;
import io.vpceni.lab.simulate.context.Owners;
import io.vpceni.lab.simulate.context.RunContext;
import io.vpceni.lab.simulate.context.SimulatedFault;
import io.vpceni.lab.simulate.port.PlantedMutant;
import io.vpceni.pool.Message;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Messages to ipamd's two owners, and from the machine of ENIs to the pool.
public final class MessageQueue implements Owners {
    private final RunContext run;
    private final PlantedMutant mutant;
    private final Checker checker;
    private final Supplier<SimNode> node;
    private final Consumer<Message> told;
    private final Runnable crash;

    /// From the machine of ENIs to the pool.
    private final Deque<Message> mail = new ArrayDeque<>();

    private final Deque<EniMessage> heardNext = new ArrayDeque<>();
    private boolean sorting;
    private int lives;
    private long messages;

    public MessageQueue(
            RunContext run,
            PlantedMutant mutant,
            Checker checker,
            Supplier<SimNode> node,
            Consumer<Message> told,
            Runnable crash) {
        this.run = run;
        this.mutant = mutant;
        this.checker = checker;
        this.node = node;
        this.told = told;
        this.crash = crash;
    }

    public long messages() {
        return messages;
    }

    @Override
    public boolean deliver(Message message) {
        int life = lives;
        give(message);
        sort();
        return life == lives;
    }

    private void give(Message message) {
        run.seen(message);
        messages++;
        // A release is timed by the true clock: the rest that follows is measured from there.
        Instant clock = message instanceof Message.Release ? run.now() : clock();
        try {
            mutant.message(message, changed -> node.get().take(changed, clock));
        } catch (Crash _) {
            crash.run();
            return;
        }
        SimNode life = node.get();
        checker.handled(life.latest());
        life.lookAgainAt().ifPresent(at -> checker.looksAgain(at, life.latest()));
    }

    /// What time ipamd takes it to be.
    private Instant clock() {
        return run.occurs(SimulatedFault.CLOCK_BACK)
                ? run.now().minusMillis(run.choices().of(5000))
                : run.now();
    }

    @Override
    public boolean hear(EniMessage message) {
        int life = lives;
        run.note(message);
        run.coverage().heard(message);
        messages++;
        Instant clock = clock();
        try {
            mutant.hears(message, changed -> node.get().hear(changed, clock));
        } catch (Crash _) {
            crash.run();
            return false;
        }
        if (message instanceof EniMessage.Tick) {
            node.get().eniLoopLooksAgainAt(clock).ifPresent(at -> checker.looksAgain(at, clock));
        }
        sort();
        return life == lives;
    }

    @Override
    public void share(double share) {
        run.note("this node's share of the account's requests is " + share);
        node.get().share(share, run.now());
    }

    /// The machine of ENIs hears that next.
    public void hearNext(EniMessage message) {
        heardNext.addLast(message);
    }

    /// The machine of ENIs tells the pool something.
    public void mail(Message message) {
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
                told.accept(next);
                give(next);
            }
            Optional.ofNullable(heardNext.pollFirst()).ifPresent(this::hear);
        } while (!mail.isEmpty() || !heardNext.isEmpty());
        sorting = false;
    }

    /// ipamd is dead: nothing that was under way arrives.
    public void died() {
        lives++;
        mail.clear();
        heardNext.clear();
    }
}
