package io.vpceni.network;

import io.vpceni.config.NetworkSettings;
import io.vpceni.netlink.Netns;
import io.vpceni.netlink.PacketSocket;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// A [TestNode] with two pods, on an ENI each, and a VPC of one namespace that has another host's address besides.
final class FilteredNode implements AutoCloseable {

    /// The pod that tries things, on the secondary ENI.
    static final String POD = "10.0.1.21";

    /// Its neighbour, on the primary ENI.
    static final String OTHER = "10.0.0.21";

    static final String NODE = "10.0.0.10";
    static final String VPC_HOST = "10.0.9.9";

    /// Nothing listens on it but what a test starts.
    static final int PORT = 4711;

    private static final Duration ARRIVAL_MAX = Duration.ofSeconds(15); // on a busy machine
    private static final int LOOKS_MAX = 1500;

    final TestNode node;
    final HostNetwork network;
    final WiredPod pod;
    final WiredPod other;
    final Frames frames;
    final PacketSocket link;

    private final Map<PodDrop, Long> drops = new EnumMap<>(PodDrop.class);

    private FilteredNode(TestNode node, HostNetwork network, WiredPod pod, WiredPod other) throws IOException {
        this.node = node;
        this.network = network;
        this.pod = pod;
        this.other = other;
        this.frames = new Frames(pod.podMac(), pod.hostMac());
        this.link = PacketSocket.open(node.path("pod"), "eth0");
    }

    static FilteredNode open(String suffix) throws IOException, InterruptedException {
        return open(suffix, TestNode.settings());
    }

    static FilteredNode open(String suffix, NetworkSettings settings) throws IOException, InterruptedException {
        TestNode node = TestNode.open(suffix);
        try {
            for (String setting : new String[] {
                "ipv4/conf/all/rp_filter=0", "ipv4/conf/default/rp_filter=0", "ipv4/ip_forward=1",
                "ipv6/conf/all/disable_ipv6=0", "ipv6/conf/default/disable_ipv6=0", "ipv6/conf/default/accept_ra=2",
                "ipv6/conf/default/accept_dad=0"
            }) {
                String[] words = setting.split("=", 2);
                node.in("node", "echo " + words[1] + " > /proc/sys/net/" + words[0]);
            }
            node.in(
                    "vpc",
                    "ip addr add " + VPC_HOST + "/32 dev lo; ip route add " + POD + " via 10.0.1.10; ip route add "
                            + OTHER + " via " + NODE + "; "
                            + "for i in all vpc0 vpc1; do echo 0 > /proc/sys/net/ipv4/conf/$i/rp_filter; done");
            HostNetwork network = node.network(settings);
            node.setUpEnis(network);
            network.filterPods(network.survey());
            node.namespace("pod");
            node.namespace("other");
            WiredPod pod = node.wire(network, "pod", POD, 0, 1);
            return new FilteredNode(node, network, pod, node.wire(network, "other", OTHER, 0, 0));
        } catch (IOException | InterruptedException e) {
            node.close();
            throw e;
        }
    }

    /// What the bandwidth plugin does for traffic out of the pod: everything that comes in by its link is redirected to
    /// an ifb, shaped there, and comes in again behind the link's ingress.
    ///
    /// @return false: this kernel has no ifb
    boolean shape() throws IOException, InterruptedException {
        try {
            node.in("node", "ip link add bwp0 type ifb");
        } catch (IOException _) {
            return false;
        }
        node.in(
                "node",
                "ip link set bwp0 up; tc qdisc add dev bwp0 root tbf rate 100mbit burst 100k latency 25ms; "
                        + "tc qdisc add dev " + pod.hostInterface() + " ingress; "
                        + "tc filter add dev " + pod.hostInterface() + " parent ffff: protocol all u32 match u32 0 0 "
                        + "action mirred egress redirect dev bwp0");
        return true;
    }

    /// Takes our tables away: what is tried then works, else the test would show nothing.
    void takeFilterAway() throws IOException, InterruptedException {
        for (String family : new String[] {"ip", "ip6", "arp"}) {
            node.in("node", "nft delete table " + family + " vpc-eni-pods");
        }
    }

    DatagramSocket listen(String where, String address) throws IOException {
        return Netns.call(
                node.path(where),
                () -> new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral(address), PORT)));
    }

    /// The source of the next datagram. Waits for it.
    static String arrival(DatagramSocket at) throws IOException {
        at.setSoTimeout((int) ARRIVAL_MAX.toMillis());
        DatagramPacket came = new DatagramPacket(new byte[1], 1);
        at.receive(came);
        return address(came.getAddress());
    }

    /// The source of a datagram that is there already.
    static Optional<String> arrived(DatagramSocket at) throws IOException {
        at.setSoTimeout(1);
        DatagramPacket came = new DatagramPacket(new byte[1], 1);
        try {
            at.receive(came);
            return Optional.of(address(came.getAddress()));
        } catch (SocketTimeoutException _) {
            return Optional.empty();
        }
    }

    private static String address(InetAddress address) {
        String text = address.getHostAddress();
        int zone = text.indexOf('%');
        return zone < 0 ? text : text.substring(0, zone);
    }

    /// Packets of the pod that were dropped for that, since the beginning.
    long dropped(PodDrop why) throws IOException {
        for (PodDrops more : network.podDrops()) {
            if (more.pod().filter(of -> of.pod().name().equals("pod-pod")).isPresent()) {
                drops.merge(more.why(), more.packets(), Long::sum);
            }
        }
        return drops.getOrDefault(why, 0L);
    }

    /// A connection to the first address that reaches a server at the second, and a byte there and back.
    ///
    /// @return whom the server sees
    String exchange(String clientIn, String connectsTo, int port, String serverIn, String listens, int at)
            throws IOException {
        ServerSocket server =
                Netns.call(node.path(serverIn), () -> new ServerSocket(at, 1, InetAddress.ofLiteral(listens)));
        try (server) {
            server.setSoTimeout((int) ARRIVAL_MAX.toMillis());
            Socket client = Netns.call(node.path(clientIn), () -> {
                Socket socket = new Socket();
                socket.connect(
                        new InetSocketAddress(InetAddress.ofLiteral(connectsTo), port), (int) ARRIVAL_MAX.toMillis());
                return socket;
            });
            try (client;
                    Socket accepted = server.accept()) {
                client.setSoTimeout((int) ARRIVAL_MAX.toMillis());
                accepted.getOutputStream().write('x');
                if (client.getInputStream().read() != 'x') {
                    throw new IOException("the answer did not come");
                }
                return accepted.getInetAddress().getHostAddress();
            }
        }
    }

    /// What is bound to become true.
    interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    static void await(String what, Condition condition) throws IOException, InterruptedException {
        for (int look = 0; look < LOOKS_MAX; look++) {
            if (condition.holds()) {
                return;
            }
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
        throw new AssertionError(what + ": it did not become so");
    }

    @Override
    public void close() throws IOException {
        try {
            link.close();
        } finally {
            node.close();
        }
    }
}
