package io.vpceni.ipamd.owner;

import io.vpceni.eni.lifecycle.EniEffect;
import io.vpceni.eni.lifecycle.EniMessage;
import io.vpceni.eni.loop.EniLoop;
import io.vpceni.ipamd.observe.Ec2Status;
import io.vpceni.pool.Effect;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// The one thread that owns this node's ENIs. All EC2 calls go through its [EniLoop].
///
/// The pool's owner never waits for this one; this one may wait for the pool's mailbox. Every minute it makes the loop
/// read EC2 and sends the pool a view of the kernel. A bug ends the thread and makes [#isAlive] false, which fails the
/// liveness probe.
public final class EniOwner implements AutoCloseable {
    /// Far more than the pool has requests and the scheduler has calls in flight.
    static final int MAILBOX_CAPACITY = 4096;

    /// How often a node that changes ENIs reads EC2.
    public static final Duration LOOK_EVERY = Duration.ofMinutes(1);

    private static final Duration STOP_MAX = Duration.ofSeconds(2);

    /// Adds what people see beside the loop's own state. Called on the owner's thread.
    public interface Facts {
        Ec2Status at(Instant now);
    }

    private sealed interface Command {
        record Handle(EniMessage message) implements Command {}

        record ReadStatus(CompletableFuture<Ec2Status> answer) implements Command {}

        record SetShare(double share) implements Command {}

        record CheckIntents() implements Command {}
    }

    private final EniLoop loop; // owned by the thread
    private final EniEffectExecutor executor; // as EniLoop.Outside owned by the thread
    private final Facts facts;
    private final InstantSource time;
    private final Duration lookEvery;
    private final MailboxThread<Command> mailbox =
            new MailboxThread<>("eni-owner", MAILBOX_CAPACITY, STOP_MAX, new Reader());
    private Instant nextLookAt; // owned by the thread
    private List<EniEffect> first = List.of(); // set before the thread starts

    /// @param loop used only by the owner from now on
    /// @param executor carries out the loop's effects
    /// @param lookEvery how often EC2 and the kernel are read
    public EniOwner(EniLoop loop, EniEffectExecutor executor, Facts facts, InstantSource time, Duration lookEvery) {
        this.loop = loop;
        this.executor = executor;
        this.facts = facts;
        this.time = time;
        this.lookEvery = lookEvery;
        this.nextLookAt = time.instant().plus(lookEvery); // the start has just read EC2
    }

    /// Starts the thread.
    ///
    /// @param begin the first effects
    public void start(List<EniEffect> begin) {
        first = List.copyOf(begin);
        mailbox.start();
    }

    public boolean isAlive() {
        return mailbox.isAlive();
    }

    /// Takes a request of the pool. Returns at once.
    ///
    /// @return false when the mailbox is full or its thread has ended
    public boolean want(Effect.Request request, boolean addsWait) {
        return !mailbox.hasEnded() && mailbox.offer(new Command.Handle(new EniMessage.Wanted(request, addsWait)));
    }

    /// Sends a message. Waits while the mailbox is full.
    public void tell(EniMessage message) throws InterruptedException {
        mailbox.put(new Command.Handle(message));
    }

    /// Changes the share of the account's EC2 request rate that this node uses: at start by the setting, later
    /// by whoever knows the number of nodes. Waits while the mailbox is full.
    ///
    /// @param share above 0, at most 1
    public void share(double share) throws InterruptedException {
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("a share of " + share + ": want above 0, at most 1");
        }
        mailbox.put(new Command.SetShare(share));
    }

    /// The state at the time when the owner answers.
    public CompletableFuture<Ec2Status> look() {
        CompletableFuture<Ec2Status> answer = new CompletableFuture<>();
        if (!mailbox.offer(new Command.ReadStatus(answer))) {
            answer.completeExceptionally(new IllegalStateException("the mailbox of the ENIs' owner is full"));
        }
        if (mailbox.hasEnded()) {
            answer.completeExceptionally(new IllegalStateException("the ENIs' owner has stopped"));
        }
        return answer;
    }

    /// Makes the owner check its file of intents. Skipped when the mailbox is full.
    public void tend() {
        boolean _ = mailbox.offer(new Command.CheckIntents());
    }

    /// Stops the owner without waiting for calls in flight: the next start finds what EC2 did.
    @Override
    public void close() {
        mailbox.close();
    }

    private final class Reader implements MailboxThread.Reader<Command> {
        @Override
        public void begin() {
            loop.begin(first, time.instant());
        }

        @Override
        public void read(@Nullable Command command) {
            Instant now = time.instant();
            switch (command) {
                case null -> loop.take(new EniMessage.Tick(), now);
                case Command.Handle(EniMessage message) -> {
                    if (message instanceof EniMessage.Wanted wanted) {
                        executor.wanted(wanted.request(), now);
                    }
                    loop.take(message, now);
                }
                case Command.SetShare(double share) -> loop.share(share, now);
                case Command.ReadStatus(var answer) -> show(answer, now);
                case Command.CheckIntents() -> loop.tend();
            }
            if (!now.isBefore(nextLookAt)) {
                nextLookAt = now.plus(lookEvery);
                executor.showKernel();
                loop.take(new EniMessage.Reconcile(), now);
            }
        }

        @Override
        public Optional<Duration> due() {
            Instant now = time.instant();
            Instant at = loop.lookAgainAt(now).filter(nextLookAt::isAfter).orElse(nextLookAt);
            return Optional.of(Duration.between(now, at));
        }

        @Override
        public void end(List<Command> unread) {
            IllegalStateException gone = new IllegalStateException("ipamd is stopping");
            for (Command left : unread) {
                if (left instanceof Command.ReadStatus(var answer)) {
                    answer.completeExceptionally(gone);
                }
            }
        }

        private void show(CompletableFuture<Ec2Status> answer, Instant now) {
            try {
                answer.complete(facts.at(now));
            } finally {
                boolean _ = answer.completeExceptionally(new IllegalStateException("the ENIs' owner met a bug"));
            }
        }
    }
}
