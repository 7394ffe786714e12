package io.vpceni.ipamd.cni;

import java.io.IOException;
import java.nio.file.Path;

/// The [CniServer] of a socket, and another one when that is lost. Used by one thread at a time.
public final class CniDoor implements AutoCloseable {
    /// Being greeted costs a connection, so not each look asks for it.
    private static final int LOOKS_PER_GREETING = 5;

    /// Each takes up to two seconds: a machine short of CPU is no dead server.
    private static final int UNANSWERED_MAX = 3;

    private final Path socket;
    private final CniServer.Service service;
    private volatile CniServer server;
    private int looks;
    private int unanswered;

    private CniDoor(Path socket, CniServer.Service service, CniServer server) {
        this.socket = socket;
        this.service = service;
        this.server = server;
    }

    /// As [CniServer#start].
    public static CniDoor open(Path socket, CniServer.Service service) throws IOException {
        return new CniDoor(socket, service, CniServer.start(socket, service));
    }

    /// The socket's file name.
    public String name() {
        return String.valueOf(socket.getFileName());
    }

    /// Whether the socket's path leads to this server, and, each fifth time, it greets who connects. Waits up to two
    /// seconds.
    public boolean isOpen() {
        if (!server.isThere()) {
            return false;
        }
        if (looks++ % LOOKS_PER_GREETING == 0 || unanswered > 0) {
            unanswered = server.greets() ? 0 : unanswered + 1;
        }
        return unanswered < UNANSWERED_MAX;
    }

    /// Starts another server. Calls that the old one carries out have a few seconds to end; the plugin repeats those
    /// that do not.
    ///
    /// @throws IOException as [CniServer#start]
    public void reopen() throws IOException {
        CniServer old = server;
        if (old.ownsPath()) {
            old.close(); // to its end: until then it looks like another's that lives
        } else {
            old.disown();
            Thread _ = Thread.ofVirtual().name("cni-server-end").start(old::close);
        }
        server = CniServer.start(socket, service);
        unanswered = 0;
    }

    /// For tests: ends the server behind the socket's back.
    void breakServer() throws InterruptedException {
        server.stopServing();
    }

    @Override
    public void close() {
        server.close();
    }
}
