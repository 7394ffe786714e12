package io.vpceni.lab.linklocal;

import io.vpceni.lab.machine.Namespace;
import io.vpceni.netlink.Netns;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// The EKS Pod Identity agent of a node, as a client without a token sees it: an HTTP server that refuses `GET
/// /v1/credentials` with status 400.
public final class CredentialsAgent implements AutoCloseable {
    /// Where the agent listens on every node.
    public static final InetAddress ADDRESS = InetAddress.ofLiteral("169.254.170.23");

    private static final int PORT = 80;
    private static final int BACKLOG = 64;
    private static final int CLIENT_MILLIS_MAX = 5000;
    private static final int ANSWER_BYTES_MAX = 4096;
    private static final String REFUSAL = String.join(
            "\r\n",
            "HTTP/1.0 400 Bad Request",
            "Content-Type: text/plain",
            "",
            "Service account token cannot be empty");

    private final ServerSocket server;

    private CredentialsAgent(ServerSocket server) {
        this.server = server;
    }

    public static CredentialsAgent start(Namespace in) throws IOException {
        ServerSocket server = Netns.call(in.path(), () -> new ServerSocket(PORT, BACKLOG, ADDRESS));
        CredentialsAgent agent = new CredentialsAgent(server);
        Thread _ = Thread.ofPlatform()
                .name("credentials-agent-" + in.name())
                .daemon()
                .start(agent::serve);
        return agent;
    }

    /// The HTTP status of a request for credentials without a token.
    public static int statusWithoutToken(Namespace from, Duration max) throws IOException {
        return Netns.call(from.path(), () -> {
            try (Socket socket = new Socket()) {
                socket.setSoTimeout((int) max.toMillis());
                socket.connect(new InetSocketAddress(ADDRESS, PORT), (int) max.toMillis());
                socket.getOutputStream()
                        .write("GET /v1/credentials HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                byte[] answer = socket.getInputStream().readNBytes(ANSWER_BYTES_MAX);
                String[] words = new String(answer, StandardCharsets.US_ASCII).split(" ", 3);
                if (words.length < 3) {
                    throw new IOException("no HTTP from " + ADDRESS.getHostAddress());
                }
                return Integer.parseInt(words[1]);
            }
        });
    }

    private void serve() {
        while (!server.isClosed()) {
            try (Socket client = server.accept()) {
                client.setSoTimeout(CLIENT_MILLIS_MAX);
                readHead(client);
                client.getOutputStream().write(REFUSAL.getBytes(StandardCharsets.US_ASCII));
            } catch (IOException _) {
                // The client has gone, or this server is closed: the next iteration shows which.
            }
        }
    }

    /// Reads up to the empty line: closing with unread bytes would reset the connection.
    private static void readHead(Socket client) throws IOException {
        int matched = 0;
        for (int read = 0; read < ANSWER_BYTES_MAX && matched < 4; read++) {
            int next = client.getInputStream().read();
            matched = next == "\r\n\r\n".charAt(matched) ? matched + 1 : next == '\r' ? 1 : 0;
            if (next < 0) {
                return;
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
