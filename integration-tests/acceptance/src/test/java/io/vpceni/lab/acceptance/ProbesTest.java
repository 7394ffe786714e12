package io.vpceni.lab.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.lab.backend.FabricEni;
import io.vpceni.lab.machine.Namespace;
import io.vpceni.lab.site.Site;
import io.vpceni.lab.site.SiteNode;
import io.vpceni.lab.site.SitePod;
import io.vpceni.netlink.Netns;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A pod that begins requests and never ends them keeps nobody from ipamd's pages.
@Tag("root")
@Timeout(180)
class ProbesTest {
    private static final Duration ANSWER_MAX = Duration.ofSeconds(10);
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
    private static final int METRICS = 61678;
    private static final int INTROSPECTION = 61679;
    private static final int HALF_OPEN = 1000;

    @Test
    void halfOpenRequestsOfAPodKeepNobodyFromThePages() throws IOException {
        try (Trial trial = Trial.begin("tprobes")) {
            Site site = trial.site(trial.plan(1));
            SiteNode node = site.nodes().firstEntry().getValue();
            Namespace host = node.vpcNode().namespace();
            SitePod pod = site.addPod(node, "client");
            List<Socket> open = new ArrayList<>();
            try {
                for (int i = 0; i < HALF_OPEN; i++) {
                    open.add(begin(pod.sandbox().namespace(), primaryAddress(site, node)));
                }
                assertThat(get(host, INTROSPECTION, "/healthz")).startsWith("HTTP/1.1 200");
                assertThat(get(host, INTROSPECTION, "/readyz")).startsWith("HTTP/1.1 200");
                assertThat(get(host, METRICS, "/metrics")).startsWith("HTTP/1.1 200");
            } finally {
                for (Socket socket : open) {
                    socket.close();
                }
            }
            assertThat(get(host, METRICS, "/metrics"))
                    .startsWith("HTTP/1.1 200")
                    .containsPattern("vpceni_http_closed_connections[a-z_]*\\{[^}]*peer_limit[^}]*} [1-9]");
        }
    }

    private static InetAddress primaryAddress(Site site, SiteNode node) {
        return site.infrastructure().enisOf(node.vpcNode()).values().stream()
                .filter(FabricEni::isPrimary)
                .map(FabricEni::addresses)
                .findFirst()
                .orElseThrow()
                .getFirst();
    }

    /// A request without its end. The far side may have cut it off already.
    private static Socket begin(Namespace from, InetAddress to) throws IOException {
        return Netns.call(from.path(), () -> {
            Socket socket = new Socket();
            socket.connect(new InetSocketAddress(to, METRICS), (int) ANSWER_MAX.toMillis());
            socket.getOutputStream().write("GET /metrics HTTP/1.1\r\nHost:".getBytes(StandardCharsets.US_ASCII));
            return socket;
        });
    }

    private static String get(Namespace from, int port, String path) throws IOException {
        return Netns.call(from.path(), () -> {
            try (Socket socket = new Socket()) {
                socket.setSoTimeout((int) ANSWER_MAX.toMillis());
                socket.connect(new InetSocketAddress(LOOPBACK, port), (int) ANSWER_MAX.toMillis());
                socket.getOutputStream()
                        .write(("GET " + path + " HTTP/1.1\r\nHost: node\r\nConnection: close\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            }
        });
    }
}
