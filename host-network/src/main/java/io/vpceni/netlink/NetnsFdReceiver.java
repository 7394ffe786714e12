package io.vpceni.netlink;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import jnr.constants.platform.linux.Errno;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Receives descriptors of network namespaces that other processes of this user send over a unix socket. Each
/// datagram has 16 bytes that identify it (a nonce), and one SCM_RIGHTS descriptor.
///
/// Its own thread receives. Descriptors that are not claimed within ten seconds are closed, and so is the oldest
/// one when there are too many. Descriptors of invalid datagrams are closed at once. If the socket's file is
/// deleted or its receiver fails, the socket can be replaced ([#reopen]); descriptors that were received before
/// and are not claimed yet stay.
public final class NetnsFdReceiver implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NetnsFdReceiver.class);

    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM_CLOSED_ON_EXEC = 2 | 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final int OWNER_ONLY = 0600;

    /// `sun_path` of `struct sockaddr_un`, the ending NUL included.
    private static final int PATH_BYTES_MAX = 108;

    /// More than the number of requests that a node starts at once.
    private static final int UNCLAIMED_MAX = 256;

    private static final Duration UNCLAIMED_FOR = Duration.ofSeconds(10);

    private static final int SHUT_RDWR = 2;

    private static final Duration END_WITHIN = Duration.ofSeconds(5);

    /// Maximum delay until the receiver closes a descriptor that is too old.
    private static final int LOOK_EVERY_SECONDS = 1;

    /// Temporary errors: the machine is short of memory, or a sender made a mistake.
    private static final List<Errno> PASSING = List.of(
            Errno.ENOMEM,
            Errno.ENOBUFS,
            Errno.EINTR,
            Errno.EMFILE,
            Errno.ENFILE,
            Errno.ETOOMANYREFS,
            Errno.EPERM,
            Errno.EACCES,
            Errno.ECONNRESET,
            Errno.ECONNREFUSED);

    /// Pause after such an error, so that the loop does not load a machine in trouble.
    private static final int PAUSE_MILLIS = 20;

    /// A receiver that has not completed a round for this long is stuck.
    private static final Duration STUCK_AFTER = Duration.ofSeconds(30);

    private final Path path;
    private final LongSupplier nanos;
    private final DatagramReader datagrams;
    private final Map<String, Arrival> unclaimed = new LinkedHashMap<>(); // guards the rest
    private BoundSocket bound;
    private boolean closed;

    /// A bound socket and its receiver.
    private final class BoundSocket implements Runnable {
        private final int fd;
        private final Object key; // tells the socket's file from others
        private final Thread thread;
        private boolean shut; // guarded by unclaimed
        private volatile long turnedAt;

        BoundSocket(int fd, Object key) {
            this.fd = fd;
            this.key = key;
            this.turnedAt = nanos.getAsLong();
            this.thread = Thread.ofPlatform().name("netns-inbox").daemon(true).unstarted(this);
        }

        @Override
        public void run() {
            try {
                receive(this);
            } finally {
                synchronized (unclaimed) {
                    shut = true;
                    Syscalls.close(fd);
                    unclaimed.notifyAll();
                }
            }
        }

        /// Wakes the receiver, which closes the descriptor. Call with the monitor held.
        void shut() {
            if (!shut) {
                shut = true;
                var _ = Syscalls.LIBC.shutdown(fd, SHUT_RDWR);
            }
        }

        boolean receives() {
            return !shut && thread.isAlive() && nanos.getAsLong() - turnedAt < STUCK_AFTER.toNanos();
        }
    }

    /// @param nanos when its nonce first arrived
    private record Arrival(NetnsFd netns, long nanos) {}

    /// Waits for a datagram, about a second. Used by the receiver only.
    @FunctionalInterface
    interface DatagramReader {
        Optional<Datagram.Received> receive(int socket, String subject) throws NetlinkFailure;
    }

    private NetnsFdReceiver(Path path, LongSupplier nanos, DatagramReader datagrams) throws NetlinkFailure {
        this.path = path;
        this.nanos = nanos;
        this.datagrams = datagrams;
        this.bound = bind();
    }

    /// Binds the socket, mode 0600, and replaces one that a dead process left.
    @ThreadBoundary
    public static NetnsFdReceiver open(Path socket) throws NetlinkFailure {
        return open(socket, System::nanoTime);
    }

    /// @param nanos a monotonic time in nanoseconds
    static NetnsFdReceiver open(Path socket, LongSupplier nanos) throws NetlinkFailure {
        return open(socket, nanos, new Datagram()::receive);
    }

    static NetnsFdReceiver open(Path socket, LongSupplier nanos, DatagramReader datagrams) throws NetlinkFailure {
        NetnsFdReceiver inbox =
                OneShotThread.call("netns-inbox-open", () -> new NetnsFdReceiver(socket, nanos, datagrams));
        synchronized (inbox.unclaimed) {
            inbox.bound.thread.start();
        }
        return inbox;
    }

    private BoundSocket bind() throws NetlinkFailure {
        String subject = path.toString();
        ByteBuffer address = address(path);
        refuseOthers(subject, address);
        int fd = socket(subject);
        try {
            makeWay();
            // Before it is bound: the socket's file is made with this mode.
            var _ = Syscalls.call("fchmod", subject, () -> Syscalls.LIBC.fchmod(fd, OWNER_ONLY));
            var _ = Syscalls.call("bind", subject, () -> Syscalls.LIBC.bind(fd, address, address.remaining()));
            ByteBuffer every = NetlinkSocket.timeValue(LOOK_EVERY_SECONDS);
            var _ = Syscalls.call(
                    "setsockopt",
                    subject,
                    () -> Syscalls.LIBC.setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, every, every.remaining()));
            return new BoundSocket(fd, key(path).orElseThrow(() -> new NoSuchFileException(subject)));
        } catch (NetlinkFailure e) {
            Syscalls.close(fd);
            throw e;
        } catch (IOException e) {
            Syscalls.close(fd);
            throw new NetlinkFailure(Errno.EIO.intValue(), "bind", subject, String.valueOf(e));
        }
    }

    /// A file or directory that may belong to someone else is renamed, not deleted.
    private void makeWay() throws IOException {
        BasicFileAttributes found;
        try {
            found = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException _) {
            return;
        }
        if (found.isDirectory() || (found.isRegularFile() && found.size() > 0)) {
            Path aside = path.resolveSibling(path.getFileName() + ".unread");
            Files.move(path, aside, StandardCopyOption.ATOMIC_MOVE);
            LOG.atWarn()
                    .addKeyValue("path", path)
                    .addKeyValue("aside", aside)
                    .log("Another file was at the path of the network namespace socket; it was renamed");
        } else {
            Files.delete(path);
        }
    }

    private static int socket(String subject) throws NetlinkFailure {
        return (int)
                Syscalls.call("socket", subject, () -> Syscalls.LIBC.socket(AF_UNIX, SOCK_DGRAM_CLOSED_ON_EXEC, 0));
    }

    /// The socket of a dead process refuses connections. One that accepts them belongs to another ipamd and
    /// stays.
    private static void refuseOthers(String subject, ByteBuffer address) throws NetlinkFailure {
        int probe = socket(subject);
        try {
            if (Syscalls.LIBC.connect(probe, address.duplicate(), address.remaining()) == 0) {
                throw new NetlinkFailure(
                        Errno.EADDRINUSE.intValue(), "bind", subject, "another ipamd receives there; stop it first");
            }
        } finally {
            Syscalls.close(probe);
        }
    }

    /// Device, inode and bind time: an inode is reused once a socket is closed.
    private static Optional<Object> key(Path path) throws IOException {
        try {
            BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return Optional.of(List.of(String.valueOf(file.fileKey()), file.lastModifiedTime()));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    /// `struct sockaddr_un`: `sa_family_t sun_family; char sun_path[108];`
    static ByteBuffer address(Path socket) throws NetlinkFailure {
        byte[] path = socket.toString().getBytes(StandardCharsets.UTF_8);
        if (path.length >= PATH_BYTES_MAX) {
            throw new NetlinkFailure(Errno.ENAMETOOLONG.intValue(), "bind", socket.toString(), "107 bytes at most");
        }
        return ByteBuffer.allocateDirect(Short.BYTES + path.length + 1)
                .order(ByteOrder.nativeOrder())
                .putShort((short) AF_UNIX)
                .put(path)
                .put((byte) 0)
                .flip();
    }

    /// The descriptor that arrived, or arrives, with this nonce. The caller closes it. May be called from any
    /// thread.
    ///
    /// @return empty when none arrived in time, or this was closed
    public Optional<NetnsFd> claim(byte[] nonce, Duration wait) throws InterruptedException {
        String name = HexFormat.of().formatHex(nonce);
        long start = nanos.getAsLong();
        synchronized (unclaimed) {
            while (true) {
                Arrival arrival = unclaimed.remove(name);
                if (arrival != null) {
                    return Optional.of(arrival.netns);
                }
                long leftMillis = wait.minusNanos(nanos.getAsLong() - start).toMillis();
                if (closed || bound.shut || leftMillis <= 0) {
                    return Optional.empty();
                }
                unclaimed.wait(leftMillis);
            }
        }
    }

    private void receive(BoundSocket mine) {
        boolean failing = false;
        while (true) {
            try {
                datagrams.receive(mine.fd, path.toString()).ifPresent(this::keep);
                failing = false;
            } catch (NetlinkFailure e) {
                synchronized (unclaimed) {
                    if (mine.shut) {
                        return;
                    }
                }
                if (PASSING.stream().noneMatch(e::is)) {
                    LOG.atError()
                            .setCause(e)
                            .addKeyValue("path", path)
                            .log(
                                    "Receiving network namespace descriptors failed: no pod can be wired; ipamd keeps retrying");
                    return;
                }
                if (!failing) {
                    LOG.atWarn()
                            .setCause(e)
                            .addKeyValue("path", path)
                            .log("Receiving network namespace descriptors failed; ipamd keeps retrying");
                }
                failing = true;
                pause();
            }
            mine.turnedAt = nanos.getAsLong();
            synchronized (unclaimed) {
                dropOld();
                if (mine.shut) {
                    return;
                }
            }
        }
    }

    private static void pause() {
        var _ = Syscalls.LIBC.poll(ByteBuffer.allocateDirect(Long.BYTES), 0, PAUSE_MILLIS);
    }

    /// Whether descriptors can arrive: the path leads to our socket, and its receiver is running. May be
    /// called from any thread.
    public boolean isOpen() throws IOException {
        Object key;
        synchronized (unclaimed) {
            if (closed || !bound.receives()) {
                return false;
            }
            key = bound.key;
        }
        return key(path).filter(key::equals).isPresent();
    }

    /// Binds a new socket in place of the lost one. May be called from any thread, one at a time.
    ///
    /// @throws NetlinkFailure also when another process receives on that path
    public void reopen() throws NetlinkFailure {
        synchronized (unclaimed) {
            if (closed) {
                return;
            }
            bound.shut();
        }
        BoundSocket another = OneShotThread.call("netns-inbox-open", this::bind);
        synchronized (unclaimed) {
            bound = another;
            another.thread.start();
            if (closed) {
                another.shut();
            }
        }
    }

    private void keep(Datagram.Received received) {
        boolean right = received.whole()
                && received.bytesHex().length() == 2 * Datagram.BYTES_MAX
                && received.descriptors().size() == 1;
        if (!right) {
            received.descriptors().forEach(Syscalls::close);
            return;
        }
        NetnsFd netns = new NetnsFd(received.descriptors().getFirst());
        synchronized (unclaimed) {
            if (closed) {
                netns.close();
                return;
            }
            // Who sends a name again has the later descriptor kept, and not for longer.
            Arrival first = unclaimed.get(received.bytesHex());
            long arrived = first == null ? nanos.getAsLong() : first.nanos;
            unclaimed.put(received.bytesHex(), new Arrival(netns, arrived));
            if (first != null) {
                first.netns.close();
            }
            unclaimed.notifyAll();
        }
    }

    /// Entries are sorted by age, the oldest first.
    private void dropOld() {
        long now = nanos.getAsLong();
        Iterator<Arrival> arrivals = unclaimed.values().iterator();
        int count = unclaimed.size();
        while (arrivals.hasNext()) {
            Arrival arrival = arrivals.next();
            if (count <= UNCLAIMED_MAX && now - arrival.nanos <= UNCLAIMED_FOR.toNanos()) {
                return;
            }
            arrivals.remove();
            arrival.netns.close();
            count--;
        }
    }

    /// Stops the receiver, closes unclaimed descriptors, and deletes the socket's file if it is still ours.
    @Override
    public void close() {
        BoundSocket last;
        synchronized (unclaimed) {
            if (closed) {
                return;
            }
            closed = true;
            last = bound;
            last.shut();
            unclaimed.values().forEach(arrival -> arrival.netns.close());
            unclaimed.clear();
            unclaimed.notifyAll();
        }
        try {
            if (key(path).filter(last.key::equals).isPresent()) {
                Files.deleteIfExists(path);
            }
            if (!last.thread.join(END_WITHIN)) {
                LOG.atWarn()
                        .addKeyValue("path", path)
                        .log("The thread that receives network namespace descriptors did not end in time");
            }
        } catch (IOException e) {
            LOG.atWarn()
                    .setCause(e)
                    .addKeyValue("path", path)
                    .log("The network namespace socket could not be deleted; the next start replaces it");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
