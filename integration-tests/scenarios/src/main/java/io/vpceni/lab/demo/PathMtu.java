package io.vpceni.lab.demo;

import io.vpceni.lab.machine.Namespace;
import io.vpceni.lab.site.Site;
import io.vpceni.lab.site.SitePod;
import io.vpceni.lab.vpc.LocalVpc;
import io.vpceni.netlink.Netns;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Path MTU discovery through the node's translation: a pod's segments of jumbo frames are too large for the way
/// to a server in the internet, a router says so to the address that it sees, which is the node's, and the node
/// must hand that on to the pod.
final class PathMtu {
    /// Of the way to the internet, in bytes.
    static final int INTERNET = 1500;

    private static final int BYTES = 64 * 1024;
    private static final int ANSWER_MILLIS_MAX = 10_000;
    private static final Pattern MTU = Pattern.compile(" mtu ([0-9]+)");

    private final Site site;

    PathMtu(Site site) {
        this.site = site;
    }

    String of(List<SitePod> pods) throws IOException {
        SitePod pod = pods.getFirst();
        Namespace sandbox = pod.sandbox().namespace();
        int link = mtu(sandbox.show("link", "show", "dev", "eth0"));
        Checks.require(link > INTERNET, pod.name() + "'s own MTU is " + link + ", so there is nothing to find");
        send(sandbox, pod);
        int learnt = mtu(sandbox.show("route", "get", LocalVpc.INTERNET_SERVER.getHostAddress()));
        Checks.require(
                learnt == INTERNET,
                pod.name() + " has learnt no path MTU (" + learnt + "): its packets were never too large");
        return pod.name() + " on " + pod.eniId() + " sent " + BYTES / 1024 + " KiB: its link takes " + link
                + " bytes, it has learnt " + learnt;
    }

    /// All of it fits into the sender's buffer, so nothing waits but the reader, and not for ever.
    private void send(Namespace sandbox, SitePod pod) throws IOException {
        Path internet = site.infrastructure().vpc().internet().path();
        try (ServerSocket server = Netns.call(internet, () -> new ServerSocket(0, 1, LocalVpc.INTERNET_SERVER));
                Socket client = Netns.call(sandbox.path(), () -> connected(server.getLocalPort()))) {
            server.setSoTimeout(ANSWER_MILLIS_MAX);
            try (Socket accepted = server.accept()) {
                accepted.setSoTimeout(ANSWER_MILLIS_MAX);
                client.getOutputStream().write(new byte[BYTES]);
                int came = accepted.getInputStream().readNBytes(BYTES).length;
                Checks.require(came == BYTES, pod.name() + " sent " + BYTES + " bytes, and " + came + " came");
            }
        } catch (IOException e) {
            throw new IOException(pod.name() + " to the internet with large packets: " + e.getMessage(), e);
        }
    }

    private static Socket connected(int port) throws IOException {
        Socket socket = new Socket();
        socket.setSendBufferSize(4 * BYTES);
        socket.connect(new InetSocketAddress(LocalVpc.INTERNET_SERVER, port), ANSWER_MILLIS_MAX);
        return socket;
    }

    /// @return 0: none is told
    private static int mtu(String shown) {
        Matcher matcher = MTU.matcher(shown);
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
    }
}
