package io.vpceni.ipamd.owner;

import io.vpceni.eni.life.EniEffect;
import io.vpceni.eni.life.EniMessage;
import io.vpceni.eni.loop.EniLoop;
import io.vpceni.ipamd.observe.Ec2Status;
import io.vpceni.pool.Effect;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one thread that owns this node's ENIs: all that is asked of EC2 goes by its [EniLoop].
///
/// The pool's owner never waits for this one; this one may wait for the pool's mailbox. Each minute it has the loop
/// look at EC2, and the pool hear what the kernel shows. A bug ends the thread and makes [#isAlive] false, which fails
/// the liveness probe.
public final class EniOwner implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EniOwner.class);

    /// Far more than the pool has requests and the scheduler has calls in flight.
    static final int MAILBOX_CAPACITY = 4096;

    /// How often EC2 is looked at by a node that provisions.
    public static final Duration LOOK_EVERY = Duration.ofMinutes(1);

    private static final Duration IDLE_WAIT_MAX = Duration.ofSeconds(10); // nothing to look at: look anyway
    private static final Duration STOP_MAX = Duration.ofSeconds(2);

    /// What is shown to people beside the loop's own state. Called on the owner's thread.
    public interface Facts {
        Ec2Status at(Instant now);
    }

    private sealed interface Envelope {
        record Wanted(Effect.Request request, boolean addsWait) implements Envelope {}

        record Hear(EniMessage message) implements Envelope {}

        record Show(CompletableFuture<Ec2Status> answer) implements Envelope {}

        record Tend() implements Envelope {}

        record Stop() implements Envelope {}
    }

    private final EniLoop loop; // owned by the thread
    private final EniEffectExecutor hands; // as CloudLoop.Outside owned by the thread
    private final Facts facts;
    private final InstantSource time;
    private final Duration lookEvery;
    private final BlockingQueue<Envelope> mailbox = new ArrayBlockingQueue<>(MAILBOX_CAPACITY);
    private final Thread thread;
    private Instant nextLookAt; // owned by the thread
    private List<EniEffect> first = List.of(); // set before the thread starts

    /// @param loop belongs to the owner from now on
    /// @param hands what the loop calls its outside
    /// @param lookEvery how often EC2 and the kernel are looked at
    public EniOwner(EniLoop loop, EniEffectExecutor hands, Facts facts, InstantSource time, Duration lookEvery) {
        this.loop = loop;
        this.hands = hands;
        this.facts = facts;
        this.time = time;
        this.lookEvery = lookEvery;
        this.nextLookAt = time.instant().plus(lookEvery); // the start has just looked
        this.thread = Thread.ofPlatform().name("cloud-owner").daemon(true).unstarted(this::run);
    }

    /// Starts the thread.
    ///
    /// @param begin what is to be done first
    public void start(List<EniEffect> begin) {
        first = List.copyOf(begin);
        thread.start();
    }

    public boolean isAlive() {
        return thread.isAlive();
    }

    /// What the pool wants. Returns at once.
    ///
    /// @return false when it is not taken because the mailbox is full or nobody reads it
    public boolean want(Effect.Request request, boolean addsWait) {
        return thread.getState() != Thread.State.TERMINATED && mailbox.offer(new Envelope.Wanted(request, addsWait));
    }

    /// Passes a message on. Waits while the mailbox is full.
    public void tell(EniMessage message) throws InterruptedException {
        mailbox.put(new Envelope.Hear(message));
    }

    /// What goes on when the owner comes to the question.
    public CompletableFuture<Ec2Status> look() {
        CompletableFuture<Ec2Status> answer = new CompletableFuture<>();
        if (!mailbox.offer(new Envelope.Show(answer))) {
            answer.completeExceptionally(new IllegalStateException("the cloud owner's mailbox is full"));
        }
        if (thread.getState() == Thread.State.TERMINATED) {
            answer.completeExceptionally(new IllegalStateException("the cloud's owner has stopped"));
        }
        return answer;
    }

    /// Has the owner look after its file of intents. A full mailbox: next time.
    public void tend() {
        boolean _ = mailbox.offer(new Envelope.Tend());
    }

    /// Stops the owner. What is under way is not waited for: the next start finds what EC2 did.
    @Override
    public void close() {
        try {
            if (!mailbox.offer(new Envelope.Stop()) || !thread.join(STOP_MAX)) {
                thread.interrupt(); // not sooner: an interrupt closes the file that is being written
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            loop.begin(first, time.instant());
            boolean running = true;
            while (running) {
                running = turn();
            }
        } catch (InterruptedException _) {
            log.info("The cloud's owner stops");
        } catch (RuntimeException e) {
            log.error("The cloud's owner stops: this is a bug, please report it with the log", e);
        } finally {
            endEverything();
        }
    }

    private boolean turn() throws InterruptedException {
        Envelope envelope = mailbox.poll(waitNanos(), TimeUnit.NANOSECONDS);
        Instant now = time.instant();
        switch (envelope) {
            case null -> loop.take(new EniMessage.Tick(), now);
            case Envelope.Wanted(Effect.Request request, boolean addsWait) -> {
                hands.wanted(request, now);
                loop.request(request, addsWait, now);
            }
            case Envelope.Hear(EniMessage message) -> loop.take(message, now);
            case Envelope.Show(var answer) -> show(answer, now);
            case Envelope.Tend() -> loop.tend();
            case Envelope.Stop() -> {
                return false;
            }
        }
        if (!now.isBefore(nextLookAt)) {
            nextLookAt = now.plus(lookEvery);
            hands.showKernel();
            loop.take(new EniMessage.Look(), now);
        }
        return true;
    }

    private void show(CompletableFuture<Ec2Status> answer, Instant now) {
        try {
            answer.complete(facts.at(now));
        } finally {
            boolean _ = answer.completeExceptionally(new IllegalStateException("the cloud's owner met a bug"));
        }
    }

    private long waitNanos() {
        Instant now = time.instant();
        Instant at = loop.lookAgainAt(now).filter(nextLookAt::isAfter).orElse(nextLookAt);
        Duration wait = Duration.between(now, at);
        return Math.max(0, (wait.compareTo(IDLE_WAIT_MAX) > 0 ? IDLE_WAIT_MAX : wait).toNanos());
    }

    private void endEverything() {
        IllegalStateException gone = new IllegalStateException("ipamd is stopping");
        for (Envelope left = mailbox.poll(); left != null; left = mailbox.poll()) {
            if (left instanceof Envelope.Show(var answer)) {
                answer.completeExceptionally(gone);
            }
        }
    }
}
