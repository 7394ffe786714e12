package io.vpceni.netlink;

import java.util.function.LongSupplier;
import jnr.constants.platform.linux.Errno;
import jnr.ffi.LastError;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;

/// Makes syscalls and reads their errno. A failing call throws; EINTR is retried.
///
/// errno is thread-local in C, and a virtual thread that parks may wake on another thread. So calls that report
/// errno are refused on virtual threads.
final class Syscalls {

    static final NetlinkLibc LIBC = LibraryLoader.create(NetlinkLibc.class).load("c");

    private static final Runtime RUNTIME = Runtime.getRuntime(LIBC);

    /// More interrupted calls than this in a row are a bug, not signals.
    private static final int INTERRUPTED_MAX = 1000;

    private Syscalls() {}

    static Runtime runtime() {
        return RUNTIME;
    }

    /// Makes the call and reads errno before anything else can.
    ///
    /// @return what the call returned, 0 or more
    static long call(String name, String subject, LongSupplier syscall) throws NetlinkFailure {
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("native call on a virtual thread: " + name);
        }
        int errno = Errno.EINTR.intValue();
        for (int attempt = 0; attempt < INTERRUPTED_MAX; attempt++) {
            long result = syscall.getAsLong();
            if (result >= 0) {
                return result;
            }
            errno = LastError.getLastError(RUNTIME);
            if (errno != Errno.EINTR.intValue()) {
                break;
            }
        }
        throw new NetlinkFailure(errno, name, subject, "");
    }

    /// Closes a descriptor. May be called from any thread. Linux closes it whatever the call returns.
    static void close(int fd) {
        var _ = LIBC.close(fd);
    }
}
