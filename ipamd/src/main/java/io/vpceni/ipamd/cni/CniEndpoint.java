package io.vpceni.ipamd.cni;

import io.vpceni.ipamd.observe.Metrics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps a [CniServer] on a socket: starts another one when the socket is lost. Used by one thread at a time.
public final class CniEndpoint implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(CniEndpoint.class);

    /// A probe costs a connection, so only every fifth check makes one.
    private static final int LOOKS_PER_GREETING = 5;

    /// Failed probes in a row until the server counts as dead; each takes up to two seconds, because a machine
    /// may be short of CPU.
    private static final int UNANSWERED_MAX = 3;

    private final Path socket;
    private final CniServer.Service service;
    private final Consumer<Connections.CloseReason> refusals;
    private final LongSupplier nanos;
    private volatile @Nullable CniServer server; // null until the first could be made
    private int looks;
    private int unanswered;

    private CniEndpoint(
            Path socket, CniServer.Service service, Consumer<Connections.CloseReason> refusals, LongSupplier nanos) {
        this.socket = socket;
        this.service = service;
        this.refusals = refusals;
        this.nanos = nanos;
    }

    /// When the socket cannot be created, the check that finds it missing tries again.
    ///
    /// @param metrics counts connections that were closed because they held too much memory, or sent no request
    /// @param nanos a clock for elapsed time, nanoseconds from any origin
    /// @throws IOException when another process serves it
    public static CniEndpoint open(Path socket, CniServer.Service service, Metrics metrics, LongSupplier nanos)
            throws IOException {
        CniEndpoint door = new CniEndpoint(socket, service, reason -> metrics.connectionRefused(reason.name()), nanos);
        try {
            door.server = door.start();
        } catch (AnotherIpamd e) {
            throw e;
        } catch (IOException e) {
            log.atError()
                    .addKeyValue("reason", e.getMessage())
                    .log("CNI requests cannot be served; ipamd tries again each second");
        }
        return door;
    }

    private CniServer start() throws IOException {
        return CniServer.start(socket, service, refusals, nanos);
    }

    /// The socket's file name.
    public String name() {
        return String.valueOf(socket.getFileName());
    }

    /// Whether the socket's path leads to this server and, every fifth time, whether it accepts a connection.
    /// Waits up to two seconds.
    public boolean isOpen() {
        CniServer now = server;
        if (now == null || !now.isThere()) {
            return false;
        }
        if (looks++ % LOOKS_PER_GREETING == 0 || unanswered > 0) {
            unanswered = now.greets() ? 0 : unanswered + 1;
        }
        return unanswered < UNANSWERED_MAX;
    }

    /// Starts another server. The old one's calls have a few seconds to end; the plugin repeats the others.
    ///
    /// @throws IOException as [CniServer#start]
    public void reopen() throws IOException {
        CniServer old = server;
        if (old != null && old.ownsPath()) {
            old.close(); // completely: until then the new server would take it for another ipamd's
        } else if (old != null) {
            old.disown();
            Thread _ = Thread.ofVirtual().name("cni-server-end").start(old::close);
        }
        server = start();
        unanswered = 0;
    }

    /// For tests: ends the server and leaves the socket's file.
    void breakServer() throws InterruptedException {
        Objects.requireNonNull(server).stopServing();
    }

    @Override
    public void close() {
        CniServer last = server;
        if (last != null) {
            last.close();
        }
    }
}
