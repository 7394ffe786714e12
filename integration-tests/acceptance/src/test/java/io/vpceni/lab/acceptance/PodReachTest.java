package io.vpceni.lab.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vpceni.lab.backend.FabricEni;
import io.vpceni.lab.machine.Namespace;
import io.vpceni.lab.site.EchoServer;
import io.vpceni.lab.site.Site;
import io.vpceni.lab.site.SiteNode;
import io.vpceni.lab.site.SitePod;
import io.vpceni.netlink.Netns;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a pod reaches of its node by the node's own addresses: what is bound to all of them.
@Tag("root")
@Timeout(180)
class PodReachTest {
    private static final Duration ANSWER_MAX = Duration.ofSeconds(10);
    private static final int METRICS = 61678;
    private static final int INTROSPECTION = 61679;

    @Test
    void aPodReachesTheNodeByItsOwnAddressesOnly() throws IOException {
        try (Trial trial = Trial.begin("tpodreach")) {
            Site site = trial.site(trial.plan(1));
            SiteNode node = site.nodes().firstEntry().getValue();
            SitePod pod = site.addPod(node, "client");
            Namespace from = pod.sandbox().namespace();
            Eventually.holds(
                    "a second ENI",
                    () -> site.infrastructure().enisOf(node.vpcNode()).size() > 1);
            try (EchoServer _ = EchoServer.in(node.vpcNode().namespace())) {
                for (FabricEni eni :
                        site.infrastructure().enisOf(node.vpcNode()).values()) {
                    InetAddress own = eni.addresses().getFirst();
                    Eventually.holds("the pod is seen at " + own, () -> isSeen(pod, own));
                    assertThat(get(from, own, METRICS)).startsWith("HTTP/1.1 200");
                    assertThatThrownBy(() -> get(from, own, INTROSPECTION)).isInstanceOf(ConnectException.class);
                }
            }
        }
    }

    /// Not before the ENI is set up.
    private static boolean isSeen(SitePod pod, InetAddress own) {
        try {
            return pod.ask(own, Duration.ofSeconds(1)).equals(pod.address());
        } catch (IOException _) {
            return false;
        }
    }

    private static String get(Namespace from, InetAddress address, int port) throws IOException {
        return Netns.call(from.path(), () -> {
            try (Socket socket = new Socket()) {
                socket.setSoTimeout((int) ANSWER_MAX.toMillis());
                socket.connect(new InetSocketAddress(address, port), (int) ANSWER_MAX.toMillis());
                socket.getOutputStream()
                        .write("GET /metrics HTTP/1.1\r\nHost: node\r\nConnection: close\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
                return new String(socket.getInputStream().readNBytes(64), StandardCharsets.US_ASCII);
            }
        });
    }
}
