package io.vpceni.netlink;

import org.jspecify.annotations.Nullable;

/// Runs one task on a new platform thread, which ends with the task.
///
/// The result is read after the thread has ended (`join`) and not passed through a future. Completing a future
/// would wake its waiter from a thread that may be in a foreign namespace. If the waiter is virtual, that can
/// start a carrier thread in that namespace.
final class OneShotThread {

    private OneShotThread() {}

    /// Runs before the task, on the same thread.
    @FunctionalInterface
    interface Entry {
        void enter() throws NetlinkFailure;
    }

    static <T extends @Nullable Object, E extends Exception> T call(String name, Netns.Task<T, E> task)
            throws NetlinkFailure, E {
        return call(name, () -> {}, task);
    }

    /// Waits until the task ends, without a time limit. An interrupt is passed on to the task's thread, and
    /// kept.
    static <T extends @Nullable Object, E extends Exception> T call(String name, Entry entry, Netns.Task<T, E> task)
            throws NetlinkFailure, E {
        Run<T, E> run = new Run<>(entry, task);
        Thread thread = Thread.ofPlatform().name(name).daemon(true).unstarted(run);
        thread.start();
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
                thread.interrupt();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return run.outcome();
    }

    private static final class Run<T extends @Nullable Object, E extends Exception> implements Runnable {

        private final Entry entry;
        private final Netns.Task<T, E> task;
        private @Nullable T result;
        private @Nullable Throwable thrown;

        Run(Entry entry, Netns.Task<T, E> task) {
            this.entry = entry;
            this.task = task;
        }

        @Override
        @SuppressWarnings("CatchingUnchecked") // rethrown, whatever it is, in the waiting thread
        public void run() {
            try {
                entry.enter();
                result = task.run();
            } catch (Throwable e) {
                thrown = e;
            }
        }

        @SuppressWarnings({"unchecked", "NullAway"}) // the task threw E or something unchecked; it returned a T
        T outcome() throws NetlinkFailure, E {
            Throwable failure = thrown;
            if (failure != null) {
                if (failure instanceof Error error) {
                    throw error;
                }
                if (failure instanceof NetlinkFailure refused) {
                    throw refused;
                }
                throw (E) failure;
            }
            return result;
        }
    }
}
