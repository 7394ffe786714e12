package io.vpceni.netlink;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Runs things inside another network namespace.
///
/// A namespace belongs to an OS thread, threads that it starts inherit it, and virtual threads share their carriers: so
/// each call enters with a fresh platform thread, and that thread ends there. Sockets opened inside stay in that
/// namespace, whichever thread uses them later.
///
/// A task must not start or wake virtual threads (no executor of them, no future that one waits for) and should
/// not log: a carrier thread that is started meanwhile would be in the foreign namespace. Platform threads that it
/// starts live in the namespace, by intent or not.
public final class Netns {

    /// `CLONE_NEWNET`, `linux/sched.h`.
    private static final int CLONE_NEWNET = 0x40000000;

    private Netns() {}

    /// What to do inside.
    @FunctionalInterface
    public interface Task<T extends @Nullable Object, E extends Exception> {

        T run() throws E;
    }

    /// Runs the task in the namespace at the path and returns what it returned. From any thread; waits for the
    /// end. An interrupt is passed on to the task.
    ///
    /// @throws NetlinkFailure when the namespace cannot be opened or entered
    public static <T extends @Nullable Object, E extends Exception> T call(Path netns, Task<T, E> task)
            throws NetlinkFailure, E {
        NetnsFd fd = NetnsFd.open(netns);
        try (fd) {
            return call(fd, task);
        }
    }

    /// As [#call(Path, Task)], for a namespace that is open already. The descriptor stays open.
    public static <T extends @Nullable Object, E extends Exception> T call(NetnsFd netns, Task<T, E> task)
            throws NetlinkFailure, E {
        return OneShotThread.call("netns-call", () -> enter(netns), task);
    }

    private static void enter(NetnsFd netns) throws NetlinkFailure {
        Syscalls.call("setns", netns.toString(), () -> Syscalls.LIBC.setns(netns.number(), CLONE_NEWNET));
    }
}
