package io.vpceni.cni.libc;

import org.teavm.interop.Address;
import org.teavm.interop.Import;
import org.teavm.interop.Unmanaged;
import org.teavm.interop.c.Include;

/// The functions of libc that the plugin calls, under their C names. On failure they return -1 and set errno, which
/// [#errno] reads.
final class Libc {
    private Libc() {}

    @Import(name = "getenv")
    @Include("stdlib.h")
    static native Address getenv(Address name);

    @Import(name = "exit")
    @Include("stdlib.h")
    static native void exit(int status);

    /// Without the functions of atexit(3).
    @Unmanaged
    @Import(name = "_exit")
    @Include("unistd.h")
    static native void exitNow(int status);

    @Unmanaged
    @Import(name = "mprotect")
    @Include("sys/mman.h")
    static native int mprotect(Address start, long length, int protection);

    @Import(name = "read")
    @Include("unistd.h")
    static native int read(int fd, Address buffer, int count);

    @Unmanaged
    @Import(name = "write")
    @Include("unistd.h")
    static native int write(int fd, Address buffer, int count);

    @Import(name = "open")
    @Include("fcntl.h")
    static native int open(Address path, int flags);

    /// With O_CREAT in the flags.
    @Import(name = "open")
    @Include("fcntl.h")
    static native int create(Address path, int flags, int mode);

    @Import(name = "rename")
    @Include("stdio.h")
    static native int rename(Address from, Address to);

    @Import(name = "unlink")
    @Include("unistd.h")
    static native int unlink(Address path);

    @Import(name = "mkdir")
    @Include("sys/stat.h")
    static native int mkdir(Address path, int mode);

    @Import(name = "opendir")
    @Include("dirent.h")
    static native Address opendir(Address path);

    @Import(name = "readdir")
    @Include("dirent.h")
    static native Address readdir(Address directory);

    @Import(name = "closedir")
    @Include("dirent.h")
    static native int closedir(Address directory);

    @Import(name = "fstat")
    @Include("sys/stat.h")
    static native int fstat(int fd, Address status);

    @Import(name = "close")
    @Include("unistd.h")
    static native int close(int fd);

    @Import(name = "socket")
    @Include("sys/socket.h")
    static native int socket(int domain, int type, int protocol);

    @Import(name = "connect")
    @Include("sys/socket.h")
    static native int connect(int fd, Address address, int length);

    @Import(name = "setsockopt")
    @Include("sys/socket.h")
    static native int setsockopt(int fd, int level, int option, Address value, int length);

    @Import(name = "send")
    @Include("sys/socket.h")
    static native int send(int fd, Address bytes, int count, int flags);

    @Import(name = "recv")
    @Include("sys/socket.h")
    static native int recv(int fd, Address bytes, int count, int flags);

    @Import(name = "sendmsg")
    @Include("sys/socket.h")
    static native int sendmsg(int fd, Address message, int flags);

    @Import(name = "poll")
    @Include("poll.h")
    static native int poll(Address descriptors, int count, int timeoutMillis);

    @Import(name = "signal")
    @Include("signal.h")
    static native Address signal(int signal, Address handler);

    @Import(name = "getrandom")
    @Include("sys/random.h")
    static native int getrandom(Address bytes, int count, int flags);

    @Import(name = "clock_gettime")
    @Include("time.h")
    static native int clockGettime(int clock, Address timespec);

    @Import(name = "__errno_location")
    @Include("errno.h")
    private static native Address errnoLocation();

    static int errno() {
        return errnoLocation().getInt();
    }
}
