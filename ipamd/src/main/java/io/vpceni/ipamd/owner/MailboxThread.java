package io.vpceni.ipamd.owner;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A thread with a bounded mailbox. The state of its [Reader] needs no lock: no other thread uses it.
///
/// A bug in the reader ends the thread, and makes [#isAlive] false.
final class MailboxThread<M> implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(MailboxThread.class);

    /// Without a message and a timer, the reader runs after this time.
    private static final Duration IDLE_MAX = Duration.ofSeconds(10);

    /// Handles the messages, on the thread.
    interface Reader<M> {
        /// Before the first message.
        default void begin() {}

        /// One message.
        ///
        /// @param message null: the time of [#due] has come, or no message came for a while
        void read(@Nullable M message) throws InterruptedException;

        /// How soon the reader wants to run without a message; empty: never.
        Optional<Duration> due();

        /// The last call, whether the thread ends normally or by a failure.
        ///
        /// @param unread the messages that are left in the mailbox
        void end(List<M> unread);
    }

    private sealed interface QueueItem<M> {
        record Delivery<M>(M message) implements QueueItem<M> {}

        record Stop<M>() implements QueueItem<M> {}
    }

    private final String name;
    private final BlockingQueue<QueueItem<M>> mailbox;
    private final Reader<M> reader;
    private final Duration stopMax;
    private final Thread thread;

    /// @param name of the thread, as `pool-owner`
    /// @param stopMax how long [#close] waits for the mailbox and for the thread
    MailboxThread(String name, int capacity, Duration stopMax, Reader<M> reader) {
        this.name = name;
        this.mailbox = new ArrayBlockingQueue<>(capacity);
        this.reader = reader;
        this.stopMax = stopMax;
        this.thread = Thread.ofPlatform().name(name).daemon(true).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    boolean isAlive() {
        return thread.isAlive();
    }

    /// Whether it was started and has ended, so that the mailbox is not read any more.
    boolean hasEnded() {
        return thread.getState() == Thread.State.TERMINATED;
    }

    /// @return false when the mailbox is full
    boolean offer(M message) {
        return mailbox.offer(new QueueItem.Delivery<>(message));
    }

    /// Waits while the mailbox is full.
    void put(M message) throws InterruptedException {
        mailbox.put(new QueueItem.Delivery<>(message));
    }

    /// Ends the thread after the messages that are in the mailbox; waits for that, bounded.
    @Override
    public void close() {
        if (thread.getState() == Thread.State.NEW) {
            return; // the start failed before it
        }
        try {
            boolean told = mailbox.offer(new QueueItem.Stop<>(), stopMax.toNanos(), TimeUnit.NANOSECONDS);
            if (!told || !thread.join(stopMax)) {
                thread.interrupt(); // last, because an interrupt closes the file that is being written
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            reader.begin();
            boolean running = true;
            while (running) {
                running = turn();
            }
        } catch (InterruptedException _) {
            log.atInfo().addKeyValue("thread", name).log("The thread was interrupted and ends: ipamd stops");
        } catch (RuntimeException e) {
            log.atError()
                    .setCause(e)
                    .addKeyValue("thread", name)
                    .log("The thread ended because of a bug: please report it with this log. /healthz fails, so the "
                            + "kubelet restarts ipamd");
        } finally {
            end();
        }
    }

    /// @return false when the thread has to end
    private boolean turn() throws InterruptedException {
        Duration wait = reader.due().filter(due -> due.compareTo(IDLE_MAX) < 0).orElse(IDLE_MAX);
        QueueItem<M> item = mailbox.poll(Math.max(0, wait.toNanos()), TimeUnit.NANOSECONDS);
        switch (item) {
            case null -> reader.read(null);
            case QueueItem.Delivery<M>(M message) -> reader.read(message);
            case QueueItem.Stop<M>() -> {
                return false;
            }
        }
        return true;
    }

    private void end() {
        List<M> unread = new ArrayList<>();
        for (QueueItem<M> left = mailbox.poll(); left != null; left = mailbox.poll()) {
            if (left instanceof QueueItem.Delivery<M>(M message)) {
                unread.add(message);
            }
        }
        reader.end(unread);
    }
}
