package io.vpceni.cni.libc;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vpceni.cni.Posix;
import org.teavm.interop.Address;

/// [Posix] by libc, for 64-bit little-endian Linux (x86-64, arm64).
///
/// Objects do not move ([Memory]), so the address of an array stays good.
final class LibcPosix implements Posix {
    private static final int STDIN = 0;
    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    private static final int EINTR = 4;
    private static final int EAGAIN = 11;
    private static final int ENAMETOOLONG = 36;

    // include/uapi/asm-generic/fcntl.h; not blocking: CNI_NETNS may name a FIFO by mistake
    private static final int O_RDONLY_NONBLOCK_CLOEXEC = 0x800 | 0x80000;

    private static final int O_WRONLY_CREAT_EXCL_CLOEXEC = 1 | 0x40 | 0x80 | 0x80000; // not through a link: O_EXCL
    private static final int FILE_MODE = 0x180; // 0600
    private static final int DIRENT_NAME = 19;

    // include/linux/socket.h, include/linux/net.h, include/uapi/asm-generic/socket.h
    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM_NONBLOCK_CLOEXEC = 1 | 0x800 | 0x80000;
    private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_SNDTIMEO = 21;
    private static final int SCM_RIGHTS = 1;
    private static final int MSG_NOSIGNAL = 0x4000;

    // include/uapi/asm-generic/poll.h
    private static final short POLLIN = 1;
    private static final short POLLOUT = 4;

    private static final int SIGPIPE = 13; // include/uapi/asm-generic/signal.h
    private static final int SIG_IGN = 1; // include/uapi/asm-generic/signal-defs.h
    private static final int PIPE_BUF =
            4096; // include/uapi/linux/limits.h: so much a pipe takes that can be written to
    private static final int CLOCK_REALTIME = 0;
    private static final int CLOCK_MONOTONIC = 1;

    // struct stat of x86-64 (144 bytes) and of arm64 (128): st_mtime is at byte 88 of both,
    // arch/x86/include/uapi/asm/stat.h, include/uapi/asm-generic/stat.h
    private static final int STAT_LONGS = 18;
    private static final int STAT_MTIME = 88 / 8;
    private static final int SUN_PATH_BYTES = 108; // struct sockaddr_un, include/uapi/linux/un.h
    private static final int SEND_TIMEOUT_SECONDS = 5; // a full queue of descriptors empties in milliseconds
    private static final long POLL_MILLIS_MAX = Integer.MAX_VALUE;

    // What the kernel reads and writes, made once: nothing is ever freed.
    private final long[] timespec = new long[2];
    private final int[] pollfd = new int[2]; // struct pollfd { int fd; short events; short revents; }
    private final byte[] socketAddress = new byte[2 + SUN_PATH_BYTES];
    private final byte[] sendTimeout = new byte[16]; // struct timeval
    private final long[] control = new long[3];
    private final long[] iov = new long[2];
    private final long[] message = new long[7];

    /// Makes a write to a pipe that nobody reads an error instead of the process's end.
    LibcPosix() {
        Libc.signal(SIGPIPE, Address.fromInt(SIG_IGN));
        socketAddress[0] = AF_UNIX;
        sendTimeout[0] = SEND_TIMEOUT_SECONDS;
    }

    @Override
    public String environment(String name) {
        byte[] ascii = new byte[name.length() + 1];
        for (int i = 0; i < name.length(); i++) {
            ascii[i] = (byte) name.charAt(i);
        }
        Address value = Libc.getenv(Address.ofData(ascii));
        if (value.toLong() == 0) {
            return "";
        }
        int length = 0;
        while (value.add(length).getByte() != 0) {
            length++;
        }
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = value.add(i).getByte();
        }
        return new String(bytes, UTF_8);
    }

    @Override
    public int readStdin(byte[] buffer, int from, long timeoutMillis) {
        long deadline = monotonicMillis() + timeoutMillis;
        while (true) {
            int ready = await(STDIN, POLLIN, deadline);
            if (ready != 0) {
                return ready;
            }
            int count = result(Libc.read(STDIN, Address.ofData(buffer).add(from), buffer.length - from));
            if (count != -EINTR && count != -EAGAIN) {
                return count;
            }
        }
    }

    @Override
    public int writeStdout(byte[] bytes, int from, long timeoutMillis) {
        long deadline = monotonicMillis() + timeoutMillis;
        while (true) {
            int ready = await(STDOUT, POLLOUT, deadline);
            if (ready != 0) {
                return ready;
            }
            int length = Math.min(PIPE_BUF, bytes.length - from);
            int count = result(Libc.write(STDOUT, Address.ofData(bytes).add(from), length));
            if (count != -EINTR && count != -EAGAIN) {
                return count;
            }
        }
    }

    @Override
    public void writeStderr(byte[] bytes) {
        if (await(STDERR, POLLOUT, monotonicMillis() + 1) == 0) {
            Libc.write(STDERR, Address.ofData(bytes), Math.min(PIPE_BUF, bytes.length));
        }
    }

    @Override
    public void lastWords(byte[] bytes) {
        Memory.lastWords(bytes);
    }

    @Override
    public int open(byte[] path) {
        return result(Libc.open(Address.ofData(terminated(path)), O_RDONLY_NONBLOCK_CLOEXEC));
    }

    @Override
    public int readFile(byte[] path, byte[] into) {
        int file = open(path);
        if (file < 0) {
            return file;
        }
        int count = result(Libc.read(file, Address.ofData(into), into.length));
        Libc.close(file);
        return count;
    }

    @Override
    public int createFile(byte[] path, byte[] bytes, int length) {
        byte[] name = terminated(path);
        int file = result(Libc.create(Address.ofData(name), O_WRONLY_CREAT_EXCL_CLOEXEC, FILE_MODE));
        if (file < 0) {
            return file;
        }
        int written = 0;
        int outcome = 0;
        while (written < length && outcome == 0) {
            int count = result(Libc.write(file, Address.ofData(bytes).add(written), length - written));
            if (count >= 0) {
                written += count;
            } else if (count != -EINTR) {
                outcome = count;
            }
        }
        Libc.close(file);
        if (outcome < 0) {
            Libc.unlink(Address.ofData(name));
        }
        return outcome;
    }

    @Override
    public int rename(byte[] from, byte[] to) {
        return result(Libc.rename(Address.ofData(terminated(from)), Address.ofData(terminated(to))));
    }

    @Override
    public int createDirectory(byte[] path, int mode) {
        return result(Libc.mkdir(Address.ofData(terminated(path)), mode));
    }

    /// struct dirent has d_name at byte 19 (include/dirent.h of glibc, 64 bits).
    @Override
    public int countEntries(byte[] path, int max) {
        Address directory = Libc.opendir(Address.ofData(terminated(path)));
        if (directory.toLong() == 0) {
            return -Libc.errno();
        }
        int count = 0;
        while (count < max) {
            Address entry = Libc.readdir(directory);
            if (entry.toLong() == 0) {
                break;
            }
            Address name = entry.add(DIRENT_NAME);
            boolean isDot = name.getByte() == '.'
                    && (name.add(1).getByte() == 0
                            || (name.add(1).getByte() == '.' && name.add(2).getByte() == 0));
            count += isDot ? 0 : 1;
        }
        Libc.closedir(directory);
        return count;
    }

    @Override
    public long secondsSinceWritten(byte[] path) {
        int file = open(path);
        if (file < 0) {
            return file;
        }
        long[] status = new long[STAT_LONGS];
        int outcome = result(Libc.fstat(file, Address.ofData(status)));
        Libc.close(file);
        if (outcome < 0) {
            return outcome;
        }
        Libc.clockGettime(CLOCK_REALTIME, Address.ofData(timespec));
        return timespec[0] - status[STAT_MTIME];
    }

    @Override
    public void close(int descriptor) {
        Libc.close(descriptor);
    }

    @Override
    public int connect(byte[] path) {
        return connected(path, SOCK_STREAM_NONBLOCK_CLOEXEC);
    }

    @Override
    public int sendDescriptor(byte[] path, byte[] bytes, int descriptor) {
        int socket = connected(path, SOCK_DGRAM_CLOEXEC);
        if (socket < 0) {
            return socket;
        }
        Libc.setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, Address.ofData(sendTimeout), sendTimeout.length);
        int count = result(sendWithRights(socket, bytes, descriptor));
        Libc.close(socket);
        return count < 0 ? count : 0;
    }

    @Override
    public int send(int descriptor, byte[] bytes, int from, int length, long timeoutMillis) {
        long deadline = monotonicMillis() + timeoutMillis;
        while (true) {
            int count = result(Libc.send(descriptor, Address.ofData(bytes).add(from), length, MSG_NOSIGNAL));
            if (count == -EAGAIN) {
                int ready = await(descriptor, POLLOUT, deadline);
                if (ready != 0) {
                    return ready;
                }
            } else if (count != -EINTR) {
                return count;
            }
        }
    }

    @Override
    public int receive(int descriptor, byte[] buffer, int from, long timeoutMillis) {
        long deadline = monotonicMillis() + timeoutMillis;
        while (true) {
            int count = result(Libc.recv(descriptor, Address.ofData(buffer).add(from), buffer.length - from, 0));
            if (count == -EAGAIN) {
                int ready = await(descriptor, POLLIN, deadline);
                if (ready != 0) {
                    return ready;
                }
            } else if (count != -EINTR) {
                return count;
            }
        }
    }

    @Override
    public void random(byte[] into) {
        if (Libc.getrandom(Address.ofData(into), into.length, 0) != into.length) {
            throw new IllegalStateException("getrandom gave too little, errno " + Libc.errno());
        }
    }

    @Override
    public long monotonicNanos() {
        Libc.clockGettime(CLOCK_MONOTONIC, Address.ofData(timespec));
        return timespec[0] * 1_000_000_000 + timespec[1];
    }

    @Override
    public void sleep(long millis) {
        Libc.poll(Address.ofData(pollfd), 0, (int) Math.min(millis, POLL_MILLIS_MAX));
    }

    private int connected(byte[] path, int type) {
        if (path.length >= SUN_PATH_BYTES) {
            return -ENAMETOOLONG;
        }
        int socket = result(Libc.socket(AF_UNIX, type, 0));
        if (socket < 0) {
            return socket;
        }
        // struct sockaddr_un { sa_family_t sun_family; char sun_path[108]; }
        System.arraycopy(path, 0, socketAddress, 2, path.length);
        socketAddress[2 + path.length] = 0;
        int outcome = result(Libc.connect(socket, Address.ofData(socketAddress), 2 + path.length + 1));
        if (outcome < 0) {
            Libc.close(socket);
            return outcome;
        }
        return socket;
    }

    /// struct msghdr { void *name; socklen_t namelen; struct iovec *iov; size_t iovlen; void *control;
    /// size_t controllen; int flags; }: 56 bytes; struct iovec { void *base; size_t len; };
    /// struct cmsghdr { size_t len; int level; int type; } and the descriptor (include/linux/socket.h)
    private int sendWithRights(int socket, byte[] bytes, int descriptor) {
        control[0] = 20; // CMSG_LEN(sizeof(int))
        control[1] = SOL_SOCKET | ((long) SCM_RIGHTS << 32);
        control[2] = descriptor;
        iov[0] = Address.ofData(bytes).toLong();
        iov[1] = bytes.length;
        message[2] = Address.ofData(iov).toLong();
        message[3] = 1;
        message[4] = Address.ofData(control).toLong();
        message[5] = 24; // CMSG_SPACE(sizeof(int))
        return Libc.sendmsg(socket, Address.ofData(message), MSG_NOSIGNAL);
    }

    /// 0 when another try may succeed (ready, broken, or a signal came), -ETIMEDOUT at the deadline.
    private int await(int descriptor, short events, long deadline) {
        long left = Math.max(0, deadline - monotonicMillis());
        pollfd[0] = descriptor;
        pollfd[1] = events;
        int timeout = (int) Math.min(left, POLL_MILLIS_MAX);
        int ready = result(Libc.poll(Address.ofData(pollfd), 1, timeout));
        if (ready == 0) {
            return -ETIMEDOUT;
        }
        return ready < 0 && ready != -EINTR ? ready : 0;
    }

    private static byte[] terminated(byte[] path) {
        byte[] terminated = new byte[path.length + 1];
        System.arraycopy(path, 0, terminated, 0, path.length);
        return terminated;
    }

    private static int result(int returned) {
        return returned < 0 ? -Libc.errno() : returned;
    }
}
