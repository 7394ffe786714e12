package io.vpceni.network;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Starts threads in place of ones that had to end. Its own thread is born where they were to be, and stays there, so
/// what it starts is there too; a thread that is lost in another namespace would give birth to threads there.
final class ThreadSupervisor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ThreadSupervisor.class);

    /// After a start that failed.
    private static final Duration AGAIN_AFTER = Duration.ofSeconds(1);

    private final String name;
    private final Start start;
    private final Thread thread;
    private final Deque<Integer> missing = new ArrayDeque<>();
    private boolean closed;

    /// Starts the thread of that number.
    @FunctionalInterface
    interface Start {
        void start(int number) throws NetworkFailure;
    }

    ThreadSupervisor(String name, Start start) {
        this.name = name;
        this.start = start;
        this.thread = Thread.ofPlatform().name(name + "-keeper").daemon(true).unstarted(this::live);
    }

    void start() {
        thread.start();
    }

    /// The thread of that number, which calls this, is about to end.
    void replace(int number) {
        synchronized (missing) {
            missing.addLast(number);
            missing.notifyAll();
        }
    }

    private void live() {
        try {
            while (awaitMissing()) {
                startFirst();
            }
        } catch (InterruptedException _) {
            LOG.debug("Interrupted to end name={}", name); // nobody interrupts this thread but to end it
        }
    }

    private void startFirst() throws InterruptedException {
        int number;
        synchronized (missing) {
            number = missing.removeFirst();
        }
        try {
            LOG.error("A thread was lost in another namespace and is replaced name={} number={}", name, number);
            start.start(number);
        } catch (NetworkFailure | RuntimeException | Error e) { // such as no more threads (RLIMIT_NPROC)
            LOG.error("A thread could not be replaced; another try follows name={} number={}", name, number, e);
            synchronized (missing) {
                missing.addLast(number);
                for (int rounds = 0; rounds < 1 && !closed; rounds++) {
                    missing.wait(AGAIN_AFTER.toMillis());
                }
            }
        }
    }

    private boolean awaitMissing() throws InterruptedException {
        synchronized (missing) {
            while (missing.isEmpty() && !closed) {
                missing.wait();
            }
            return !closed;
        }
    }

    /// Nothing is started any more. Idempotent.
    @Override
    public void close() {
        synchronized (missing) {
            closed = true;
            missing.notifyAll();
        }
        try {
            var _ = thread.join(AGAIN_AFTER);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
