package io.vpceni.ipamd.cni;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The [CniServer] of a socket, and another one when that is lost. Used by one thread at a time.
public final class CniDoor implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(CniDoor.class);

    /// Being greeted costs a connection, so not each look asks for it.
    private static final int LOOKS_PER_GREETING = 5;

    /// Each takes up to two seconds: a machine short of CPU is no dead server.
    private static final int UNANSWERED_MAX = 3;

    private final Path socket;
    private final CniServer.Service service;
    private volatile @Nullable CniServer server; // null until the first could be made
    private int looks;
    private int unanswered;

    private CniDoor(Path socket, CniServer.Service service) {
        this.socket = socket;
        this.service = service;
    }

    /// A socket that cannot be made is tried again by who looks whether it is open.
    ///
    /// @throws IOException when another process serves it
    public static CniDoor open(Path socket, CniServer.Service service) throws IOException {
        CniDoor door = new CniDoor(socket, service);
        try {
            door.server = CniServer.start(socket, service);
        } catch (AnotherIpamd e) {
            throw e;
        } catch (IOException e) {
            log.atError()
                    .addKeyValue("reason", e.getMessage())
                    .log("The runtime's requests cannot be served: it is tried again each second");
        }
        return door;
    }

    /// The socket's file name.
    public String name() {
        return String.valueOf(socket.getFileName());
    }

    /// Whether the socket's path leads to this server, and, each fifth time, it greets who connects. Waits up to two
    /// seconds.
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

    /// Starts another server. Calls that the old one carries out have a few seconds to end; the plugin repeats those
    /// that do not.
    ///
    /// @throws IOException as [CniServer#start]
    public void reopen() throws IOException {
        CniServer old = server;
        if (old != null && old.ownsPath()) {
            old.close(); // to its end: until then it looks like another's that lives
        } else if (old != null) {
            old.disown();
            Thread _ = Thread.ofVirtual().name("cni-server-end").start(old::close);
        }
        server = CniServer.start(socket, service);
        unanswered = 0;
    }

    /// For tests: ends the server behind the socket's back.
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
