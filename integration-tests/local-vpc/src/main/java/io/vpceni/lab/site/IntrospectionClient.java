package io.vpceni.lab.site;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vpceni.lab.machine.Namespace;
import io.vpceni.netlink.Netns;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// Reads ipamd's introspection, over the node's own loopback.
public final class IntrospectionClient {
    private static final int PORT = 61679;
    private static final Duration ANSWER_MAX = Duration.ofSeconds(5);
    private static final int ANSWER_BYTES_MAX = 16 << 20;

    private IntrospectionClient() {}

    /// The state of an address in ipamd: `free`, `assigned`, `cooling`, ...; "" for an unknown address.
    public static String stateOf(SiteNode node, InetAddress address) throws IOException {
        for (JsonNode eni : get(node.vpcNode().namespace(), "/v1/enis").path("enis")) {
            for (JsonNode entry : eni.path("addresses")) {
                if (entry.path("address").asText().equals(address.getHostAddress())) {
                    return entry.path("state").asText();
                }
            }
        }
        return "";
    }

    /// The page at a path, such as `/v1/status`.
    public static JsonNode get(Namespace node, String path) throws IOException {
        String answer = Netns.call(node.path(), () -> exchange(path));
        int body = answer.indexOf("\r\n\r\n");
        if (body < 0 || !answer.substring(0, body).contains(" 200 ")) {
            throw new IOException("ipamd in " + node.name() + " answers " + path + " with " + answer);
        }
        return new ObjectMapper().readTree(answer.substring(body));
    }

    /// The line that `/readyz` returns, ready or not.
    public static String readiness(Namespace node) {
        try {
            String answer = Netns.call(node.path(), () -> exchange("/readyz"));
            int body = answer.indexOf("\r\n\r\n");
            return answer.substring(Math.max(0, body)).strip().replaceAll("\\s+", " ");
        } catch (IOException e) {
            return "its /readyz does not answer: " + e.getMessage();
        }
    }

    private static String exchange(String path) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout((int) ANSWER_MAX.toMillis());
            socket.connect(
                    new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), PORT), (int) ANSWER_MAX.toMillis());
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.0\r\nHost: 127.0.0.1:" + PORT + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readNBytes(ANSWER_BYTES_MAX), StandardCharsets.UTF_8);
        }
    }
}
