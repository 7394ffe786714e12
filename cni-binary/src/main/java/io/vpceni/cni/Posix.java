package io.vpceni.cni;

/// What the plugin needs of the operating system. Calls that can fail return -errno. Paths are bytes without a
/// terminating NUL.
///
/// Methods that are called while the plugin waits for ipamd allocate almost nothing, because memory is never freed.
public interface Posix {
    int ENOENT = 2;
    int EACCES = 13;
    int EEXIST = 17;
    int EPIPE = 32;
    int ECONNREFUSED = 111;
    int ETIMEDOUT = 110;

    /// getenv(3); "" when not set.
    String environment(String name);

    /// Reads at most `buffer.length - from` bytes of stdin: 0 at its end, -errno; -ETIMEDOUT when none came in
    /// time.
    int readStdin(byte[] buffer, int from, long timeoutMillis);

    /// Writes at most `bytes.length - from` bytes to stdout: their number, -errno (-EPIPE when nobody reads, no
    /// SIGPIPE); -ETIMEDOUT when none was taken in time.
    int writeStdout(byte[] bytes, int from, long timeoutMillis);

    /// Writes to stderr; failures are no concern.
    void writeStderr(byte[] bytes);

    /// What goes to stdout, with exit code 1, when the process can get no more memory.
    void lastWords(byte[] bytes);

    /// open(2) with O_RDONLY | O_CLOEXEC: a descriptor, -errno.
    int open(byte[] path);

    /// Whole seconds since the file was written to, by CLOCK_REALTIME; negative when there is none, or it was
    /// written to in the time to come.
    long secondsSinceWritten(byte[] path);

    /// Reads the first bytes of a file, at most `into.length`: their number, -errno.
    int readFile(byte[] path, byte[] into);

    /// Creates a file that only root can read and write, with the first `length` bytes as its content: 0, -errno.
    /// -EEXIST when there is one, or a link of that name. A file that could not be written completely is deleted.
    int createFile(byte[] path, byte[] bytes, int length);

    /// rename(2): 0, -errno.
    int rename(byte[] from, byte[] to);

    /// mkdir(2): 0, -errno; -EEXIST when there is something of that name.
    int createDirectory(byte[] path, int mode);

    /// How many entries a directory has, at most `max`; -errno.
    int countEntries(byte[] path, int max);

    /// close(2).
    void close(int descriptor);

    /// A connected AF_UNIX stream: its descriptor, -errno.
    int connect(byte[] path);

    /// Sends one datagram with the bytes and the descriptor (SCM_RIGHTS, unix(7)) to an AF_UNIX socket: 0, -errno.
    int sendDescriptor(byte[] path, byte[] bytes, int descriptor);

    /// Sends at most `length` bytes, no SIGPIPE: their number, -errno; -ETIMEDOUT when the peer takes none in time.
    int send(int descriptor, byte[] bytes, int from, int length, long timeoutMillis);

    /// Receives at least one byte: their number, 0 when the peer closed, -errno; -ETIMEDOUT when none came in time.
    int receive(int descriptor, byte[] buffer, int from, long timeoutMillis);

    /// getrandom(2): fills the array.
    void random(byte[] into);

    /// CLOCK_MONOTONIC in nanoseconds.
    long monotonicNanos();

    /// CLOCK_MONOTONIC in milliseconds.
    default long monotonicMillis() {
        return monotonicNanos() / 1_000_000;
    }

    /// Waits.
    void sleep(long millis);
}
