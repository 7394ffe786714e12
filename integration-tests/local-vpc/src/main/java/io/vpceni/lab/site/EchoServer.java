package io.vpceni.lab.site;

import io.vpceni.lab.machine.Namespace;
import io.vpceni.netlink.Netns;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// A TCP server in a namespace that sends each client the source address of its connection.
///
/// So one exchange shows that packets arrive in both directions, and whether their source was translated.
public final class EchoServer implements AutoCloseable {
    /// The port of the servers.
    public static final int PORT = 8080;

    private static final int BACKLOG = 64;
    private static final int ADDRESS_BYTES_MAX = 64;
    private static final int CLIENT_MILLIS_MAX = 5000;

    private final ServerSocket server;
    private final Thread thread;

    private EchoServer(ServerSocket server, String name) {
        this.server = server;
        thread = Thread.ofPlatform().name("echo-server-" + name).daemon().unstarted(this::serve);
    }

    /// Listens on every address of the namespace.
    public static EchoServer in(Namespace namespace) throws IOException {
        ServerSocket server = Netns.call(namespace.path(), () -> new ServerSocket(PORT, BACKLOG));
        EchoServer echoServer = new EchoServer(server, namespace.name());
        echoServer.thread.start();
        return echoServer;
    }

    /// Asks the echo server at the address from within the namespace.
    ///
    /// @return the source address that the echo server saw
    /// @throws IOException when there is no answer within the time
    public static InetAddress ask(Namespace from, InetAddress echoServer, Duration max) throws IOException {
        return Netns.call(from.path(), () -> exchange(new Socket(), echoServer, max));
    }

    /// As [#ask], from a source address that the caller chose; it must be an address of the namespace.
    public static InetAddress askAs(Namespace from, InetAddress source, InetAddress echoServer, Duration max)
            throws IOException {
        return Netns.call(from.path(), () -> {
            Socket socket = new Socket();
            socket.bind(new InetSocketAddress(source, 0));
            return exchange(socket, echoServer, max);
        });
    }

    private static InetAddress exchange(Socket socket, InetAddress echoServer, Duration max) throws IOException {
        try (socket) {
            socket.setSoTimeout((int) max.toMillis());
            socket.connect(new InetSocketAddress(echoServer, PORT), (int) max.toMillis());
            byte[] address = socket.getInputStream().readNBytes(ADDRESS_BYTES_MAX);
            return InetAddress.ofLiteral(new String(address, StandardCharsets.US_ASCII));
        } catch (IllegalArgumentException e) {
            throw new IOException("no greeting from " + echoServer.getHostAddress(), e);
        }
    }

    private void serve() {
        while (!server.isClosed()) {
            try (Socket client = server.accept()) {
                client.setSoTimeout(CLIENT_MILLIS_MAX);
                client.getOutputStream()
                        .write(client.getInetAddress().getHostAddress().getBytes(StandardCharsets.US_ASCII));
            } catch (IOException _) {
                // The client has gone, or this server is closed: the next iteration shows which.
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
