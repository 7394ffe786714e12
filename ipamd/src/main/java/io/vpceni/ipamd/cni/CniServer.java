package io.vpceni.ipamd.cni;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.vpceni.rpc.CniAnswer;
import io.vpceni.rpc.CniGrpc;
import io.vpceni.rpc.CniRequest;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// gRPC server on the unix socket that the CNI binary calls, with one virtual thread for each call.
public final class CniServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(CniServer.class);

    /// A request is a few KiB; the plugin sends at most 3 MiB.
    private static final int REQUEST_BYTES_MAX = 3 << 20;

    /// Limit on cancelled calls of a connection; the plugin never cancels, it closes its connection.
    private static final int RESETS_MAX = 100;

    private static final int RESETS_SECONDS = 10;

    private static final int STOP_SECONDS =
            5; // an ADD in its wiring takes milliseconds; one that waits is told to retry

    /// Answers one execution of the plugin. No request makes it throw.
    public interface Service {
        CniAnswer answer(CniRequest request);
    }

    /// A server sends HTTP/2 SETTINGS at once; the time allows for an overloaded machine.
    private static final int GREETING_MILLIS_MAX = 2_000;

    /// The socket is bound under this name and renamed when it is ready. So no client meets a server that is
    /// not ready; and Netty, which deletes the path that it bound, cannot delete another server's socket.
    private static final String UNFINISHED = ".s";

    private final Path socket;
    private final Server server;
    private final EventLoopGroup acceptor;
    private final Connections streams;
    private final ExecutorService calls;
    private volatile @Nullable Object key; // identifies the socket's file

    private CniServer(Path socket, Server server, EventLoopGroup acceptor, Connections streams, ExecutorService calls) {
        this.socket = socket;
        this.server = server;
        this.acceptor = acceptor;
        this.streams = streams;
        this.calls = calls;
    }

    /// Listens on a socket of mode 0600 and replaces a stale one. A socket that another ipamd serves is not
    /// touched.
    ///
    /// @throws IOException when another process serves the socket, or it cannot be created; the message names it
    ///
    /// @param refusals called for each connection that was closed because it held too much memory, or sent no
    ///     request
    /// @param nanos a clock for elapsed time, nanoseconds from any origin
    static CniServer start(Path socket, Service service, Consumer<Connections.CloseReason> refusals, LongSupplier nanos)
            throws IOException {
        refuseOthers(socket);
        Path unfinished = socket.resolveSibling(UNFINISHED);
        Files.deleteIfExists(unfinished);
        EventLoopGroup acceptor = eventLoops("cni-accept");
        Connections streams = new Connections(refusals, nanos);
        ExecutorService calls = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("cni-call-", 0).factory());
        Server server = NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(unfinished))
                .channelType(NioServerDomainSocketChannel.class)
                .bossEventLoopGroup(acceptor)
                .workerEventLoopGroup(streams)
                .executor(calls)
                .maxInboundMessageSize(REQUEST_BYTES_MAX)
                .maxConcurrentCallsPerConnection(Connections.CALLS_OF_ONE_MAX)
                .maxRstFramesPerWindow(RESETS_MAX, RESETS_SECONDS)
                .addStreamTracerFactory(streams.tracers())
                .addService(new Calls(service))
                .build();
        CniServer started = new CniServer(socket, server, acceptor, streams, calls);
        try {
            server.start();
            Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rw-------"));
            started.key = key(unfinished);
            Files.move(unfinished, socket, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            started.close();
            throw new IOException("cannot serve " + socket + ": " + e.getMessage(), e);
        }
        return started;
    }

    /// Whether the socket's path leads to this server, and it serves.
    boolean isThere() {
        return ownsPath() && !server.isShutdown();
    }

    /// Whether the file at the socket's path is this server's, whether it answers or not.
    boolean ownsPath() {
        try {
            Object ours = key;
            return ours != null && ours.equals(key(socket));
        } catch (IOException _) {
            return false;
        }
    }

    /// Whether a connection is accepted and answered with HTTP/2 SETTINGS (RFC 9113, section 3.4).
    boolean greets() {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX);
                Selector selector = Selector.open()) {
            probe.configureBlocking(false); // a blocking connect would wait while the backlog is full
            if (!probe.connect(UnixDomainSocketAddress.of(socket))) {
                return false;
            }
            probe.register(selector, SelectionKey.OP_READ);
            return selector.select(GREETING_MILLIS_MAX) > 0 && probe.read(ByteBuffer.allocate(Long.BYTES)) > 0;
        } catch (IOException _) {
            return false;
        }
    }

    /// Device, inode and time of binding; the inode alone is reused after a socket is closed.
    private static @Nullable Object key(Path path) throws IOException {
        try {
            BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return List.of(String.valueOf(file.fileKey()), file.lastModifiedTime());
        } catch (NoSuchFileException _) {
            return null;
        }
    }

    /// For tests: closes idle and old connections now, as happens every second.
    void lookAtConnections() {
        streams.next().submit(streams::look).syncUninterruptibly();
    }

    /// The file at the socket's path is not this server's any more; it is left there when this server closes.
    void disown() {
        key = null;
    }

    /// Ends the server and leaves the socket's file.
    void stopServing() throws InterruptedException {
        server.shutdownNow();
        server.awaitTermination();
    }

    /// Waits, bounded, for running calls, then deletes the socket unless another file has replaced it.
    @Override
    public void close() {
        server.shutdown();
        try {
            if (!server.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                server.shutdownNow();
            }
        } catch (InterruptedException _) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
        calls.shutdownNow();
        var stopped = acceptor.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        streams.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(1, TimeUnit.SECONDS);
        stopped.awaitUninterruptibly(1, TimeUnit.SECONDS);
        try {
            Object ours = key;
            if (ours != null && ours.equals(key(socket))) {
                Files.deleteIfExists(socket);
            }
        } catch (IOException e) {
            log.atWarn().addKeyValue("socket", socket).setCause(e).log("A socket could not be deleted");
        }
    }

    private static EventLoopGroup eventLoops(String name) {
        return new MultiThreadIoEventLoopGroup(
                1, Thread.ofPlatform().name(name).daemon(true).factory(), NioIoHandler.newFactory());
    }

    private static void refuseOthers(Path socket) throws IOException {
        Path directory = socket.getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        if (isToBeReplaced(socket)) {
            return;
        }
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            if (probe.connect(UnixDomainSocketAddress.of(socket))) {
                throw new AnotherIpamd("another ipamd serves " + socket + " already; stop it first");
            }
        } catch (java.net.ConnectException _) {
            log.atInfo().addKeyValue("socket", socket).log("Replaced the socket of an earlier process");
        } catch (java.net.SocketException e) {
            log.atInfo()
                    .addKeyValue("socket", socket)
                    .addKeyValue("found", e.getMessage())
                    .log("Replaced a file that is not the socket of a running process");
        }
    }

    /// Replaces a symbolic link, an empty file or an empty directory; anything else may be needed by someone
    /// and stays.
    private static boolean isToBeReplaced(Path socket) throws IOException {
        BasicFileAttributes found;
        try {
            found = Files.readAttributes(socket, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException _) {
            return true;
        }
        if (found.isDirectory()) {
            try {
                Files.delete(socket);
                return true;
            } catch (IOException e) {
                throw new IOException(socket + " (VPC_ENI_SOCKET) is a directory and cannot be deleted: " + e, e);
            }
        }
        if (found.isRegularFile() && found.size() > 0) {
            throw new IOException(socket + " (VPC_ENI_SOCKET) is not a socket but a file of " + found.size()
                    + " bytes; ipamd does not touch it: remove it");
        }
        return !found.isOther();
    }

    private static final class Calls extends CniGrpc.CniImplBase {
        private final Service service;

        Calls(Service service) {
            this.service = service;
        }

        @Override
        public void call(CniRequest request, StreamObserver<CniAnswer> responses) {
            responses.onNext(service.answer(request));
            responses.onCompleted();
        }
    }
}
