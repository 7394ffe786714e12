package io.vpceni.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// A TCP connection between two namespaces, for tests of who sees whom.
final class TcpConnection {
    private static final int TIMEOUT_MILLIS = 5000;

    private TcpConnection() {}

    /// Accepts the client and sends it a word, so that packets have gone both ways. Closes the client.
    ///
    /// @return the client's address as the server sees it
    static String sourceSeen(ServerSocket server, Socket client) throws IOException {
        try (client;
                Socket accepted = server.accept()) {
            client.setSoTimeout(TIMEOUT_MILLIS);
            accepted.getOutputStream().write("word".getBytes(StandardCharsets.US_ASCII));
            InputStream in = client.getInputStream();
            assertThat(new String(in.readNBytes(4), StandardCharsets.US_ASCII)).isEqualTo("word");
            return accepted.getInetAddress().getHostAddress();
        }
    }
}
