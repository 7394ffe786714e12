package io.vpceni.network;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Starts a new thread for one that had to end. Threads inherit the network namespace of the thread that starts
/// them. So the supervisor's own thread stays in the right namespace and starts all others.
final class ThreadSupervisor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ThreadSupervisor.class);

    /// Pause after a failed start.
    private static final Duration AGAIN_AFTER = Duration.ofSeconds(1);

    private final String name;
    private final Start start;
    private final Thread thread;
    private final Deque<Integer> missing = new ArrayDeque<>();
    private boolean closed;

    /// Starts the thread with that number.
    @FunctionalInterface
    interface Start {
        void start(int number) throws NetworkFailure;
    }

    ThreadSupervisor(String name, Start start) {
        this.name = name;
        this.start = start;
        this.thread =
                Thread.ofPlatform().name(name + "-supervisor").daemon(true).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /// Called by the thread with that number, which is about to end.
    void replace(int number) {
        synchronized (missing) {
            missing.addLast(number);
            missing.notifyAll();
        }
    }

    private void run() {
        try {
            while (awaitMissing()) {
                startFirst();
            }
        } catch (InterruptedException _) {
            LOG.atDebug()
                    .addKeyValue("threads", name)
                    .log("A netlink thread was interrupted and ends"); // by nobody else
        }
    }

    private void startFirst() throws InterruptedException {
        int number;
        synchronized (missing) {
            number = missing.removeFirst();
        }
        try {
            LOG.atError()
                    .addKeyValue("thread", name + "-" + number)
                    .log("A thread could not return to the node's network namespace and was replaced");
            start.start(number);
        } catch (NetworkFailure | RuntimeException | Error e) { // such as no more threads (RLIMIT_NPROC)
            LOG.atError()
                    .setCause(e)
                    .addKeyValue("thread", name + "-" + number)
                    .log("A netlink thread could not be replaced; ipamd tries again in a second");
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

    /// No thread is started from now on. Idempotent.
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
