package io.vpceni.netlink;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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

/// Descriptors of namespaces, sent by other processes of this user over a unix socket: one datagram each, 16 bytes that
/// name it (a nonce) and one SCM_RIGHTS descriptor.
///
/// A thread of its own receives. What nobody claims within ten seconds is closed, and so is the oldest when there are
/// too
/// many; what does not look right is closed at once.
public final class NetnsInbox implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NetnsInbox.class);

    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM_CLOSED_ON_EXEC = 2 | 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final int OWNER_ONLY = 0600;

    /// `sun_path` of `struct sockaddr_un`, the ending NUL included.
    private static final int PATH_BYTES_MAX = 108;

    /// As many requests as a node starts at once, and some.
    private static final int UNCLAIMED_MAX = 256;

    private static final Duration UNCLAIMED_FOR = Duration.ofSeconds(10);

    private static final int SHUT_RDWR = 2;

    private static final Duration END_WITHIN = Duration.ofSeconds(5);

    /// How long the receiver may take to see that something has become too old.
    private static final int LOOK_EVERY_SECONDS = 1;

    /// Errors of the moment: of a machine short of memory, or of a sender.
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

    /// So that a machine in distress is not asked all the time.
    private static final int PAUSE_MILLIS = 20;

    private final int fd;
    private final Path path;
    private final LongSupplier nanos;
    private final Reception reception;
    private final Thread receiver;
    private final Map<String, Arrival> unclaimed = new LinkedHashMap<>();
    private boolean closed;

    private record Arrival(NetnsFd netns, long nanos) {}

    /// Waits for a datagram, a second or so. Used by the receiver only.
    @FunctionalInterface
    interface Reception {
        Optional<Datagram.Received> receive(int socket, String subject) throws NetlinkFailure;
    }

    private NetnsInbox(int fd, Path path, LongSupplier nanos, Reception reception) {
        this.fd = fd;
        this.path = path;
        this.nanos = nanos;
        this.reception = reception;
        this.receiver = Thread.ofPlatform().name("netns-inbox").daemon(true).unstarted(this::live);
    }

    /// Binds the socket, mode 0600, in place of one that a dead process left.
    @OutermostEdge
    public static NetnsInbox open(Path socket) throws NetlinkFailure {
        return open(socket, System::nanoTime);
    }

    /// @param nanos the time in nanoseconds since whenever
    static NetnsInbox open(Path socket, LongSupplier nanos) throws NetlinkFailure {
        return open(socket, nanos, new Datagram()::receive);
    }

    static NetnsInbox open(Path socket, LongSupplier nanos, Reception reception) throws NetlinkFailure {
        NetnsInbox inbox = OneShotThread.call("netns-inbox-open", () -> bind(socket, nanos, reception));
        inbox.receiver.start();
        return inbox;
    }

    private static NetnsInbox bind(Path socket, LongSupplier nanos, Reception reception) throws NetlinkFailure {
        String subject = socket.toString();
        ByteBuffer address = address(socket);
        int fd = (int)
                Syscalls.call("socket", subject, () -> Syscalls.LIBC.socket(AF_UNIX, SOCK_DGRAM_CLOSED_ON_EXEC, 0));
        try {
            Files.deleteIfExists(socket);
            // Before it is bound: the socket's file is born with this mode.
            var _ = Syscalls.call("fchmod", subject, () -> Syscalls.LIBC.fchmod(fd, OWNER_ONLY));
            var _ = Syscalls.call("bind", subject, () -> Syscalls.LIBC.bind(fd, address, address.remaining()));
            ByteBuffer every = NetlinkSocket.timeValue(LOOK_EVERY_SECONDS);
            var _ = Syscalls.call(
                    "setsockopt",
                    subject,
                    () -> Syscalls.LIBC.setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, every, every.remaining()));
        } catch (NetlinkFailure e) {
            Syscalls.close(fd);
            throw e;
        } catch (IOException e) {
            Syscalls.close(fd);
            throw new NetlinkFailure(Errno.EIO.intValue(), "unlink", subject, String.valueOf(e.getMessage()));
        }
        return new NetnsInbox(fd, socket, nanos, reception);
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

    /// The descriptor that came, or comes, with this nonce; the caller closes it. From any thread.
    ///
    /// @return empty when none came in time, or the inbox was closed
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
                if (closed || leftMillis <= 0) {
                    return Optional.empty();
                }
                unclaimed.wait(leftMillis);
            }
        }
    }

    private void live() {
        boolean failing = false;
        while (true) {
            try {
                reception.receive(fd, path.toString()).ifPresent(this::keep);
                failing = false;
            } catch (NetlinkFailure e) {
                if (PASSING.stream().anyMatch(e::is)) {
                    if (!failing) {
                        LOG.warn("The socket for namespaces fails; it is tried again and again path={}", path, e);
                    }
                    failing = true;
                    pause();
                } else {
                    LOG.error("The socket for namespaces failed; no sandbox can be wired path={}", path, e);
                    close();
                }
            }
            synchronized (unclaimed) {
                dropOld();
                if (closed) {
                    unclaimed.values().forEach(arrival -> arrival.netns.close());
                    unclaimed.clear();
                    Syscalls.close(fd);
                    return;
                }
            }
        }
    }

    private static void pause() {
        var _ = Syscalls.LIBC.poll(ByteBuffer.allocateDirect(Long.BYTES), 0, PAUSE_MILLIS);
    }

    /// Whether descriptors can arrive: it is not closed, and its receiver has not failed for good.
    public boolean isAlive() {
        synchronized (unclaimed) {
            return !closed && receiver.isAlive();
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
        Arrival arrival = new Arrival(new NetnsFd(received.descriptors().getFirst()), nanos.getAsLong());
        synchronized (unclaimed) {
            Arrival same = unclaimed.put(received.bytesHex(), arrival);
            if (same != null) {
                same.netns.close();
            }
            unclaimed.notifyAll();
        }
    }

    /// The oldest stand first.
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

    /// Ends the receiver, closes what nobody claimed, and takes the socket's file away.
    @Override
    public void close() {
        synchronized (unclaimed) {
            if (closed) {
                return;
            }
            closed = true;
            unclaimed.notifyAll();
            var _ = Syscalls.LIBC.shutdown(fd, SHUT_RDWR); // wakes the receiver, which closes the descriptor
        }
        try {
            Files.deleteIfExists(path);
            if (!Thread.currentThread().equals(receiver) && !receiver.join(END_WITHIN)) {
                LOG.warn("The receiver of namespaces did not end in time path={}", path);
            }
        } catch (IOException e) {
            LOG.warn("The socket's file stays path={}", path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
