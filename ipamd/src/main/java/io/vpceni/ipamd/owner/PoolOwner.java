package io.vpceni.ipamd.owner;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.PodName;
import io.vpceni.pool.AddressState;
import io.vpceni.pool.AssignResult;
import io.vpceni.pool.Assignment;
import io.vpceni.pool.Message;
import io.vpceni.pool.PoolSnapshot;
import io.vpceni.pool.loop.PoolLoop;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The one thread that owns the warm pool.
///
/// Callers put messages into a bounded mailbox; the owner has its [PoolLoop] take them one after another and completes
/// the futures of waiting callers. A bug in the pool ends the thread, fails every waiting caller and makes [#isAlive]
/// false, which fails the liveness probe.
public final class PoolOwner implements AutoCloseable {
    /// About four times the pods of a node; beyond it an ADD fails with CNI code 11 (try again later).
    static final int MAILBOX_CAPACITY = 4096;

    private static final Duration STOP_MAX = Duration.ofSeconds(5);

    /// A message for the pool, or a question.
    private sealed interface Command {
        record Handle(Message message) implements Command {}

        record Assign(
                long ticket, AttachmentKey key, PodName pod, Duration patience, CompletableFuture<AssignResult> answer)
                implements Command {}

        record WhoHolds(long ticket, AttachmentKey key, CompletableFuture<Optional<Assignment>> answer)
                implements Command {}

        record TakeSnapshot(CompletableFuture<PoolSnapshot> answer) implements Command {}

        record CheckJournal() implements Command {}
    }

    private final PoolLoop loop; // owned by the thread
    private final InstantSource time;
    private final Consumer<PoolSnapshot> firstServable;
    private final MailboxThread<Command> mailbox =
            new MailboxThread<>("pool-owner", MAILBOX_CAPACITY, STOP_MAX, new Reader());
    private boolean servable; // owned by the thread

    /// @param loop used only by the owner from now on
    /// @param firstServable called once, on the owner's thread, when an address is assignable or pods of an
    ///     earlier ipamd were found; must return at once
    public PoolOwner(PoolLoop loop, InstantSource time, Consumer<PoolSnapshot> firstServable) {
        this.loop = loop;
        this.time = time;
        this.firstServable = firstServable;
    }

    /// Starts the thread, whose first turn lets the pool grow.
    public void start() {
        if (!mailbox.offer(new Command.Handle(new Message.Tick()))) {
            throw new IllegalStateException("the pool's owner has a full mailbox before it starts");
        }
        mailbox.start();
    }

    public boolean isAlive() {
        return mailbox.isAlive();
    }

    /// Requests an address. Completes when there is one, at the latest `wait` after the owner took the message.
    /// A full mailbox completes it at once with `NoAddress`.
    ///
    /// @param ticket taken when the request reached ipamd, from the counter that all requests share: an ADD whose
    ///     ticket is smaller than that of a DEL of its key was overtaken by it and is cancelled
    public CompletableFuture<AssignResult> assign(long ticket, AttachmentKey key, PodName pod, Duration wait) {
        CompletableFuture<AssignResult> answer = new CompletableFuture<>();
        if (!mailbox.offer(new Command.Assign(ticket, key, pod, wait, answer))) {
            answer.complete(new AssignResult.NoAddress(
                    "ipamd has " + MAILBOX_CAPACITY + " requests waiting already; the runtime will try again"));
        }
        return failIfDead(answer);
    }

    /// A DEL has come: waiting ADDs of this key are cancelled.
    ///
    /// @param ticket as that of [#assign]
    public void cancelWaitingAdds(long ticket, AttachmentKey key) throws InterruptedException {
        tell(new Message.CancelWaitingAdds(ticket, key));
    }

    /// The address that a DEL takes away: none when an ADD that began after it has the address. The key keeps it
    /// until [Message.Release].
    ///
    /// @param ticket as that of [#assign]
    public CompletableFuture<Optional<Assignment>> whoHolds(long ticket, AttachmentKey key)
            throws InterruptedException {
        CompletableFuture<Optional<Assignment>> answer = new CompletableFuture<>();
        mailbox.put(new Command.WhoHolds(ticket, key, answer));
        return failIfDead(answer);
    }

    /// Sends a message. Waits while the mailbox is full: results of EC2 calls and releases are never dropped.
    public void tell(Message message) throws InterruptedException {
        mailbox.put(new Command.Handle(message));
    }

    /// The pool at the time when the owner answers.
    public CompletableFuture<PoolSnapshot> look() {
        CompletableFuture<PoolSnapshot> answer = new CompletableFuture<>();
        if (!mailbox.offer(new Command.TakeSnapshot(answer))) {
            answer.completeExceptionally(new IllegalStateException("the owner's mailbox is full"));
        }
        return failIfDead(answer);
    }

    /// Makes the owner check its journal. Skipped when the mailbox is full.
    public void tend() {
        boolean _ = mailbox.offer(new Command.CheckJournal());
    }

    /// Stops the owner after the messages that are in the mailbox; waiting ADDs are answered with `NoAddress`.
    @Override
    public void close() {
        mailbox.close();
    }

    private <T> CompletableFuture<T> failIfDead(CompletableFuture<T> answer) {
        if (mailbox.hasEnded()) {
            answer.completeExceptionally(new IllegalStateException("the pool's owner has stopped"));
        }
        return answer;
    }

    private final class Reader implements MailboxThread.Reader<Command> {
        @Override
        public void read(@Nullable Command command) {
            Instant now = time.instant();
            switch (command) {
                case null -> loop.take(new Message.Tick(), now);
                case Command.Handle(Message message) -> loop.take(message, now);
                case Command.Assign(long ticket, AttachmentKey key, PodName pod, Duration patience, var answer) ->
                    loop.assign(ticket, key, pod, now.plus(patience), answer::complete, now);
                case Command.WhoHolds(long ticket, AttachmentKey key, var answer) -> {
                    try {
                        loop.whoHolds(ticket, key, answer::complete, now);
                    } finally {
                        failIfOpen(answer);
                    }
                }
                case Command.TakeSnapshot(var answer) -> answer.complete(loop.snapshot(now));
                case Command.CheckJournal() -> loop.tend(now);
            }
            if (!servable) {
                tellIfServable(loop.snapshot(now));
            }
        }

        @Override
        public Optional<Duration> due() {
            return loop.nextTickAt().map(at -> Duration.between(time.instant(), at));
        }

        @Override
        public void end(List<Command> unread) {
            AssignResult stopped = new AssignResult.NoAddress("ipamd is stopping; the runtime will try again");
            loop.end(stopped);
            IllegalStateException gone = new IllegalStateException("ipamd is stopping");
            for (Command left : unread) {
                switch (left) {
                    case Command.Assign assign -> assign.answer().complete(stopped);
                    case Command.WhoHolds question -> question.answer().completeExceptionally(gone);
                    case Command.TakeSnapshot look -> look.answer().completeExceptionally(gone);
                    case Command.Handle _, Command.CheckJournal _ -> {}
                }
            }
        }

        /// Only a bug in the pool leaves a DEL without its answer.
        private static void failIfOpen(CompletableFuture<?> answer) {
            answer.completeExceptionally(new IllegalStateException("the pool's owner met a bug"));
        }

        private void tellIfServable(PoolSnapshot snapshot) {
            boolean podsHere = snapshot.addresses().stream().anyMatch(view -> view.state() == AddressState.ASSIGNED);
            if (snapshot.assignable() > 0 || podsHere) {
                servable = true;
                firstServable.accept(snapshot);
            }
        }
    }
}
