package io.vpceni.network;

import io.vpceni.netlink.NetlinkFailure;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A fixed set of named platform threads, each with its own resource (a netlink socket, an nftables context), and
/// a bounded queue of work for them.
///
/// The threads are in the network namespace of the thread that starts them. Tasks are passed with monitors, not
/// with `LockSupport`, locks or futures: unparking a virtual thread can start a carrier thread of the JVM, which
/// would inherit the namespace of the unparking thread. A waiter on a monitor is woken by a thread of the JVM
/// itself.
///
/// A thread whose resource is spoiled ends, and [ThreadSupervisor] starts another one.
final class KernelThreads<R extends AutoCloseable> implements AutoCloseable {

    /// Opens the resource of one thread, on that thread.
    @FunctionalInterface
    interface Opening<R> {
        R open() throws NetlinkFailure;
    }

    /// Work for one of the threads.
    @FunctionalInterface
    interface Work<R, T extends @Nullable Object> {
        T run(R resource) throws NetlinkFailure, NetworkFailure;

        /// The work is done, but the caller has stopped waiting. Called on the same thread, right after
        /// [#run].
        default void unwanted(R resource) throws NetlinkFailure, NetworkFailure {}

        /// Called last, exactly once, on any thread: the work has run, or will never run.
        default void end() {}
    }

    private final String name;
    private final Opening<R> opening;
    private final int waitingMax;
    private final Duration answerWithin;
    private final Predicate<R> spoiled;
    private final Deque<Task<R, ?>> waiting = new ArrayDeque<>();
    private final List<Thread> threads = new ArrayList<>();
    private final ThreadSupervisor supervisor;
    private boolean closed;

    private KernelThreads(
            String name, Opening<R> opening, Predicate<R> spoiled, int waitingMax, Duration answerWithin) {
        this.name = name;
        this.opening = opening;
        this.spoiled = spoiled;
        this.supervisor = new ThreadSupervisor(name, this::startOne);
        this.waitingMax = waitingMax;
        this.answerWithin = answerWithin;
    }

    /// @param waitingMax work in the queue; further callers are refused
    /// @param answerWithin how long a caller waits, including the queue
    static <R extends AutoCloseable> KernelThreads<R> start(
            String name, int count, int waitingMax, Duration answerWithin, Opening<R> opening) throws NetworkFailure {
        return start(name, count, waitingMax, answerWithin, opening, _ -> false);
    }

    /// @param spoiled called after each piece of work: whether thread and resource must not be used any more
    static <R extends AutoCloseable> KernelThreads<R> start(
            String name, int count, int waitingMax, Duration answerWithin, Opening<R> opening, Predicate<R> spoiled)
            throws NetworkFailure {
        KernelThreads<R> started = new KernelThreads<>(name, opening, spoiled, waitingMax, answerWithin);
        started.supervisor.start();
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
        Task<R, Boolean> opened = new Task<>(resource -> true);
        Thread thread =
                Thread.ofPlatform().name(name + "-" + number).daemon(true).unstarted(() -> run(number, opened));
        synchronized (threads) {
            threads.add(thread);
        }
        thread.start();
        opened.await(name, "start " + name, answerWithin);
    }

    /// Runs the work on one of the threads and waits for its result.
    ///
    /// @param step for the failure's text
    <T extends @Nullable Object> T call(String step, Work<R, T> work) throws NetworkFailure {
        Task<R, T> task = new Task<>(work);
        try {
            enqueue(step, task);
        } catch (NetworkFailure e) {
            work.end();
            throw e;
        }
        try {
            return task.await(name, step, answerWithin);
        } finally {
            if (!task.isDone()) {
                withdraw(task);
            }
        }
    }

    private void enqueue(String step, Task<R, ?> task) throws NetworkFailure {
        synchronized (waiting) {
            if (closed) {
                throw new NetworkFailure(NetworkFailure.Kind.OUTCOME_UNKNOWN, step, name + " is closed");
            }
            if (waiting.size() >= waitingMax) {
                throw new NetworkFailure(
                        NetworkFailure.Kind.BUSY, step, waitingMax + " others wait for " + name + " already");
            }
            waiting.addLast(task);
            waiting.notify();
        }
    }

    /// Removes a task that nobody waits for and that no thread has begun.
    private void withdraw(Task<R, ?> task) {
        boolean neverRuns;
        synchronized (waiting) {
            neverRuns = waiting.remove(task);
        }
        if (neverRuns) {
            task.end();
        }
    }

    private void run(int number, Task<R, Boolean> opened) {
        R resource;
        try {
            resource = opening.open();
        } catch (NetlinkFailure | RuntimeException | Error e) {
            opened.fail(e); // an Error, too: a native library that cannot be loaded is one
            return;
        }
        opened.run(resource);
        try {
            for (Task<R, ?> next = take(); next != null; next = take()) {
                next.run(resource);
                if (spoiled.test(resource)) {
                    synchronized (threads) {
                        threads.remove(Thread.currentThread());
                    }
                    supervisor.replace(number);
                    return;
                }
            }
        } finally {
            closeQuietly(resource);
        }
    }

    private @Nullable Task<R, ?> take() {
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

    /// Queued tasks still run; new ones are refused.
    @Override
    public void close() {
        synchronized (waiting) {
            closed = true;
            waiting.notifyAll();
        }
        supervisor.close();
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

    /// One piece of work and its result.
    private static final class Task<R, T extends @Nullable Object> {

        private final Work<R, T> work;
        private boolean done;
        private boolean unwanted;
        private @Nullable T result;
        private @Nullable Throwable thrown;

        Task(Work<R, T> work) {
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

        /// @return whether a caller still waits for it
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
