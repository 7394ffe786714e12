package io.vpceni.netlink;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Runs code inside another network namespace.
///
/// A namespace belongs to an OS thread, and the threads that it starts inherit it. Virtual threads share carrier
/// threads. So each call starts a new platform thread, which enters the namespace and ends there. Sockets that are
/// opened inside stay in that namespace, whichever thread uses them later.
///
/// A task must not start or wake virtual threads (no executor of virtual threads, no future that one waits for),
/// and it should not log: a carrier thread that is started in the meantime would be in the foreign namespace.
/// Platform threads that the task starts are in that namespace too.
public final class Netns {

    /// `CLONE_NEWNET`, `linux/sched.h`.
    private static final int CLONE_NEWNET = 0x40000000;

    private Netns() {}

    /// The code to run inside.
    @FunctionalInterface
    public interface Task<T extends @Nullable Object, E extends Exception> {

        T run() throws E;
    }

    /// Runs the task in the namespace at the path and returns its result. May be called from any thread; waits
    /// until the task ends. An interrupt is passed on to the task.
    ///
    /// @throws NetlinkFailure when the namespace cannot be opened or entered
    public static <T extends @Nullable Object, E extends Exception> T call(Path netns, Task<T, E> task)
            throws NetlinkFailure, E {
        NetnsFd fd = NetnsFd.open(netns);
        try (fd) {
            return call(fd, task);
        }
    }

    /// As [#call(Path, Task)], for an open namespace. The descriptor stays open.
    public static <T extends @Nullable Object, E extends Exception> T call(NetnsFd netns, Task<T, E> task)
            throws NetlinkFailure, E {
        return OneShotThread.call("netns-call", () -> enter(netns), task);
    }

    private static void enter(NetnsFd netns) throws NetlinkFailure {
        Syscalls.call("setns", netns.toString(), () -> Syscalls.LIBC.setns(netns.number(), CLONE_NEWNET));
    }
}
