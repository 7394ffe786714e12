package io.vpceni.netlink;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// An open descriptor of a network namespace. The holder must close it. The namespace exists at least while it is
/// open.
///
/// A descriptor may have several holders, see [#share]. It is closed when the last holder closes it. So its number
/// cannot be reused for another file while a thread still works with it.
public final class NetnsFd implements AutoCloseable {

    /// `O_RDONLY | O_CLOEXEC`, `asm-generic/fcntl.h`.
    private static final int READ_ONLY_CLOSED_ON_EXEC = 0x80000;

    private final int fd;
    private final AtomicInteger holders;
    private final AtomicBoolean closed = new AtomicBoolean();

    NetnsFd(int fd) {
        this(fd, new AtomicInteger(1));
    }

    private NetnsFd(int fd, AtomicInteger holders) {
        this.fd = fd;
        this.holders = holders;
    }

    /// Opens the namespace at the path, for example `/run/netns/blue` or `/proc/42/ns/net`. May be called from
    /// any thread.
    ///
    /// @throws NetlinkFailure ENOENT, EACCES and so on. Whether the file is a network namespace is checked
    ///     only when it is entered
    public static NetnsFd open(Path path) throws NetlinkFailure {
        return OneShotThread.call("netns-open", () -> openHere(path));
    }

    static NetnsFd openHere(Path path) throws NetlinkFailure {
        long fd = Syscalls.call(
                "open", path.toString(), () -> Syscalls.LIBC.open(path.toString(), READ_ONLY_CLOSED_ON_EXEC));
        return new NetnsFd((int) fd);
    }

    /// The descriptor's number in this process.
    ///
    /// @throws IllegalStateException after it is closed, because the number may belong to another file
    public int number() {
        if (closed.get()) {
            throw new IllegalStateException("the namespace's descriptor is closed");
        }
        return fd;
    }

    /// The same descriptor for an additional holder, who must close it too.
    ///
    /// @throws IllegalStateException after it is closed
    public NetnsFd share() {
        int before = holders.getAndUpdate(count -> count == 0 ? 0 : count + 1);
        NetnsFd shared = new NetnsFd(fd, holders);
        if (before == 0 || closed.get()) {
            if (before > 0) {
                shared.close();
            }
            throw new IllegalStateException("the namespace's descriptor is closed");
        }
        return shared;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true) && holders.decrementAndGet() == 0) {
            Syscalls.close(fd);
        }
    }

    @Override
    public String toString() {
        return "netns fd " + fd;
    }
}
