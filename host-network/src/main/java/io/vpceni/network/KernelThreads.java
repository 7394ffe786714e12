package io.vpceni.network;

import io.vpceni.netlink.NetlinkFailure;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A fixed set of named platform threads, each with a resource of its own (a netlink socket, an nftables context), and
/// a bounded queue of work for them.
///
/// The threads live in the namespace of the thread that starts them. Work is handed over with monitors and not with
/// locks or futures: a virtual thread that waits on a monitor is woken by a thread of the JVM's own, not by one of
/// these, which in tests live in another namespace than the process and must not give birth to carrier threads.
///
/// A thread whose resource is spoiled ends, and a keeper, which does nothing else and so is still where it was started,
/// starts another.
final class KernelThreads<R extends AutoCloseable> implements AutoCloseable {

    /// Opens what one thread owns, on that thread.
    @FunctionalInterface
    interface Opening<R> {
        R open() throws NetlinkFailure;
    }

    /// Work for one of the threads.
    @FunctionalInterface
    interface Work<R, T extends @Nullable Object> {
        T run(R resource) throws NetlinkFailure, NetworkFailure;

        /// It was done, but the caller had stopped waiting meanwhile. On the same thread, right after [#run].
        default void unwanted(R resource) throws NetlinkFailure, NetworkFailure {}

        /// Last of all, exactly once, on any thread: it ran, or it never will.
        default void end() {}
    }

    private final String name;
    private final Opening<R> opening;
    private final int waitingMax;
    private final Duration answerWithin;
    private final Predicate<R> spoiled;
    private final Deque<Handover<R, ?>> waiting = new ArrayDeque<>();
    private final List<Thread> threads = new ArrayList<>();
    private final ThreadSupervisor keeper;
    private boolean closed;

    private KernelThreads(
            String name, Opening<R> opening, Predicate<R> spoiled, int waitingMax, Duration answerWithin) {
        this.name = name;
        this.opening = opening;
        this.spoiled = spoiled;
        this.keeper = new ThreadSupervisor(name, this::startOne);
        this.waitingMax = waitingMax;
        this.answerWithin = answerWithin;
    }

    /// @param waitingMax work in the queue; beyond it callers are refused
    /// @param answerWithin how long a caller waits, queue included
    static <R extends AutoCloseable> KernelThreads<R> start(
            String name, int count, int waitingMax, Duration answerWithin, Opening<R> opening) throws NetworkFailure {
        return start(name, count, waitingMax, answerWithin, opening, _ -> false);
    }

    /// @param spoiled asked after each piece of work: whether thread and resource must not be used any more
    static <R extends AutoCloseable> KernelThreads<R> start(
            String name, int count, int waitingMax, Duration answerWithin, Opening<R> opening, Predicate<R> spoiled)
            throws NetworkFailure {
        KernelThreads<R> started = new KernelThreads<>(name, opening, spoiled, waitingMax, answerWithin);
        started.keeper.start();
        for (int i = 0; i < count; i++) {
            try {
                started.startOne(i);
            } catch (NetworkFailure | RuntimeException | Error e) {
                started.close();
                throw e;
            }
        }
        return started;
    }

    private void startOne(int number) throws NetworkFailure {
        Handover<R, Boolean> opened = new Handover<>(resource -> true);
        Thread thread =
                Thread.ofPlatform().name(name + "-" + number).daemon(true).unstarted(() -> live(number, opened));
        synchronized (threads) {
            threads.add(thread);
        }
        thread.start();
        opened.await(name, "start " + name, answerWithin);
    }

    /// Has one of the threads do it, and waits for the answer.
    ///
    /// @param step for the failure's text
    <T extends @Nullable Object> T call(String step, Work<R, T> work) throws NetworkFailure {
        Handover<R, T> handover = new Handover<>(work);
        try {
            enqueue(step, handover);
        } catch (NetworkFailure e) {
            work.end();
            throw e;
        }
        try {
            return handover.await(name, step, answerWithin);
        } finally {
            if (!handover.isDone()) {
                withdraw(handover);
            }
        }
    }

    private void enqueue(String step, Handover<R, ?> handover) throws NetworkFailure {
        synchronized (waiting) {
            if (closed) {
                throw new NetworkFailure(NetworkFailure.Kind.OUTCOME_UNKNOWN, step, name + " is closed");
            }
            if (waiting.size() >= waitingMax) {
                throw new NetworkFailure(
                        NetworkFailure.Kind.BUSY, step, waitingMax + " others wait for " + name + " already");
            }
            waiting.addLast(handover);
            waiting.notify();
        }
    }

    /// What nobody waits for any more and no thread has begun is never begun.
    private void withdraw(Handover<R, ?> handover) {
        boolean neverRuns;
        synchronized (waiting) {
            neverRuns = waiting.remove(handover);
        }
        if (neverRuns) {
            handover.end();
        }
    }

    private void live(int number, Handover<R, Boolean> opened) {
        R resource;
        try {
            resource = opening.open();
        } catch (NetlinkFailure | RuntimeException | Error e) {
            opened.fail(e); // an Error, too: a native library that cannot be loaded is one
            return;
        }
        opened.run(resource);
        try {
            for (Handover<R, ?> next = take(); next != null; next = take()) {
                next.run(resource);
                if (spoiled.test(resource)) {
                    synchronized (threads) {
                        threads.remove(Thread.currentThread());
                    }
                    keeper.replace(number);
                    return;
                }
            }
        } finally {
            closeQuietly(resource);
        }
    }

    private @Nullable Handover<R, ?> take() {
        synchronized (waiting) {
            while (waiting.isEmpty() && !closed) {
                try {
                    waiting.wait();
                } catch (InterruptedException e) {
                    closed = true; // nobody interrupts these threads but to end them
                }
            }
            return waiting.pollFirst();
        }
    }

    @SuppressWarnings("CatchAndPrintStackTrace")
    private static void closeQuietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            throw new IllegalStateException("sockets and contexts close without failing", e);
        }
    }

    /// What waits already is still done; what comes later is refused.
    @Override
    public void close() {
        synchronized (waiting) {
            closed = true;
            waiting.notifyAll();
        }
        keeper.close();
        List<Thread> living;
        synchronized (threads) {
            living = List.copyOf(threads);
        }
        for (Thread thread : living) {
            try {
                if (!thread.join(answerWithin)) {
                    return;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /// One piece of work and its answer.
    private static final class Handover<R, T extends @Nullable Object> {

        private final Work<R, T> work;
        private boolean done;
        private boolean unwanted;
        private @Nullable T result;
        private @Nullable Throwable thrown;

        Handover(Work<R, T> work) {
            this.work = work;
        }

        void run(R resource) {
            try {
                if (!succeed(work.run(resource))) {
                    work.unwanted(resource);
                }
            } catch (Throwable e) {
                fail(e);
            } finally {
                work.end();
            }
        }

        void end() {
            work.end();
        }

        synchronized boolean isDone() {
            return done;
        }

        /// @return whether someone waits for it
        private synchronized boolean succeed(T answer) {
            result = answer;
            done = true;
            notifyAll();
            return !unwanted;
        }

        synchronized void fail(Throwable failure) {
            thrown = failure;
            done = true;
            notifyAll();
        }

        @SuppressWarnings("NullAway") // once done without failure, the result is a T
        synchronized T await(String name, String step, Duration within) throws NetworkFailure {
            try {
                // A wake-up before its time costs another full wait, so the bound is kept by the few there can be.
                for (int wakeUps = 0; !done && wakeUps < 2; wakeUps++) {
                    wait(within.toMillis());
                }
            } catch (InterruptedException e) {
                unwanted = !done;
                Thread.currentThread().interrupt();
                throw new NetworkFailure(NetworkFailure.Kind.OUTCOME_UNKNOWN, step, "interrupted");
            }
            if (!done) {
                unwanted = true;
                throw new NetworkFailure(
                        NetworkFailure.Kind.OUTCOME_UNKNOWN, step, "no answer of " + name + " in " + within);
            }
            return switch (thrown) {
                case null -> result;
                case NetworkFailure failure -> throw failure;
                case NetlinkFailure failure -> throw new NetworkFailure(NetworkFailure.Kind.KERNEL, step, failure);
                case Error failure -> throw failure;
                default -> throw new IllegalStateException(step, thrown);
            };
        }
    }
}
