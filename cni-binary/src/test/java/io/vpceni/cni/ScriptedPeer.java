package io.vpceni.cni;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// Something on a unix socket that does to each connection what a test says, and closes it.
final class ScriptedPeer implements AutoCloseable {
    /// What is done to one connection. An IOException means that the plugin went away.
    interface Script {
        void play(SocketChannel connection, int number) throws IOException;
    }

    private final Path socket;
    private final Script script;
    private final ServerSocketChannel server;
    private final AtomicInteger connections = new AtomicInteger();
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("scripted-peer-", 0).factory());

    ScriptedPeer(Path socket, Script script) {
        this.socket = socket;
        this.script = script;
        try {
            server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(socket), 1024);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    /// How many came.
    int connections() {
        return connections.get();
    }

    static void write(SocketChannel connection, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            connection.write(buffer);
        }
    }

    /// Reads until the other side closes.
    static void drain(SocketChannel connection) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
        while (connection.read(buffer.clear()) >= 0) {}
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel connection = server.accept();
                int number = connections.getAndIncrement();
                threads.execute(() -> play(connection, number));
            } catch (IOException _) {
                return; // closed
            }
        }
    }

    private void play(SocketChannel connection, int number) {
        try (connection) {
            script.play(connection, number);
        } catch (IOException _) {
            // the plugin has gone, or this was closed
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        threads.shutdownNow();
        threads.close();
        Files.deleteIfExists(socket);
    }
}
