package io.vpceni.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.Cidr;
import io.vpceni.config.MacAddress;
import io.vpceni.netlink.Netns;
import io.vpceni.netlink.NetnsFd;
import io.vpceni.network.drift.DriftKind;
import io.vpceni.network.drift.DriftListener;
import io.vpceni.network.firewall.ForwardDrop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/// A node with a pod on each of its two ENIs, whose kernel is watched; somebody else's rule, route and table are there
/// too. The VPC drops what has a source that the ENI does not have.
final class DriftNode implements AutoCloseable {

    static final String POD = "10.0.1.21";
    static final String PRIMARY_POD = "10.0.0.21";
    static final String NODE = "10.0.0.10";
    static final String INTERNET = "198.51.100.7";
    static final String VPC_HOST = "10.0.9.9";

    /// As `ip rule flush`, and then the rules that are not ours again. It gives up when rules change while it reads
    /// them (`Dump terminated`), as they do while they are repaired.
    static final String FLUSH_RULES =
            "n=0; until ip rule flush; do n=$((n+1)); test $n -lt 20; done; ip rule add lookup main priority 32766 protocol kernel; "
                    + "ip rule add lookup default priority 32767 protocol kernel; "
                    + "ip rule add to 203.0.113.9 lookup 77 priority 700";

    private static final int ANSWER_SECONDS_MAX = 30;

    final TestNode node;
    final HostNetwork network;
    final String podLink;
    final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    final BlockingQueue<List<ForwardDrop>> firewall = new LinkedBlockingQueue<>();
    final AtomicInteger checks = new AtomicInteger();

    private DriftNode(TestNode node, HostNetwork network, String podLink) {
        this.node = node;
        this.network = network;
        this.podLink = podLink;
    }

    static DriftNode open(String suffix) throws IOException, InterruptedException {
        TestNode node = TestNode.open(suffix);
        try {
            node.in("node", "echo 1 > /proc/sys/net/ipv4/ip_forward");
            node.in(
                    "vpc",
                    "ip route add " + POD + " via 10.0.1.10; ip route add " + PRIMARY_POD + " via " + NODE
                            + "; for a in " + INTERNET + " " + VPC_HOST + "; do ip addr add $a/32 dev lo; done; "
                            + "for i in all vpc0 vpc1; do echo 2 > /proc/sys/net/ipv4/conf/$i/rp_filter; done; "
                            + "nft add table ip fabric; "
                            + "nft add chain ip fabric in \"{ type filter hook prerouting priority -300; }\"; "
                            + "nft add rule ip fabric in iifname vpc0 ip saddr != { " + NODE + ", " + PRIMARY_POD
                            + " } drop; nft add rule ip fabric in iifname vpc1 ip saddr != " + POD + " drop");
            node.in(
                    "node",
                    "ip rule add to 203.0.113.9 lookup 77 priority 700; ip route add 203.0.113.0/24 dev eth0 table 77; "
                            + "ip route add 203.0.113.8/32 dev eth0; nft add table ip somebody");
            HostNetwork network = start(node);
            node.namespace("pod");
            node.namespace("first");
            WiredPod pod = node.wire(network, "pod", POD, 0, 1);
            var _ = node.wire(network, "first", PRIMARY_POD, 0, 0);
            return new DriftNode(node, network, pod.hostInterface());
        } catch (IOException | InterruptedException e) {
            node.close();
            throw e;
        }
    }

    private static HostNetwork start(TestNode node) throws IOException {
        HostNetwork network = node.network(TestNode.settings());
        node.setUpEnis(network);
        network.applyNat(new NatRules(InetAddress.ofLiteral(NODE), List.of(Cidr.parse("10.0.0.0/16"))));
        return network;
    }

    /// Another pod, on the secondary ENI, that sends for others too.
    ///
    /// @return its host link
    String wireRouter(String name, String address) throws IOException, InterruptedException {
        node.namespace(name);
        PodWiring own = TestNode.wiring(name, address, 0, 1);
        try (NetnsFd netns = NetnsFd.open(node.path(name))) {
            return network.wire(own.with(PodSources.ANY), netns).hostInterface();
        }
    }

    /// The next life of the daemon, which finds what an earlier one wired.
    DriftNode restarted(PodWiring... more) throws IOException {
        network.close();
        HostNetwork next = start(node);
        List<PodWiring> pods = new ArrayList<>(List.of(more));
        pods.add(TestNode.wiring("pod", POD, 0, 1));
        pods.add(TestNode.wiring("first", PRIMARY_POD, 0, 0));
        HostSurvey survey = next.survey(pods.stream().map(TestNode::onRecord).toList());
        next.keep(survey, pods);
        next.filterPods(survey);
        return new DriftNode(node, next, podLink);
    }

    void watch() throws IOException {
        watch(System::nanoTime);
    }

    void watch(LongSupplier nanos) throws IOException {
        network.watchDrift(
                new DriftListener() {
                    @Override
                    public void checked() {
                        checks.incrementAndGet();
                    }

                    @Override
                    public void repaired(DriftKind kind, int count) {
                        heard.add(kind.label());
                    }

                    @Override
                    public void left(DriftKind kind, int count) {
                        heard.add("left " + kind.label());
                    }

                    @Override
                    public void forwardDrops(List<ForwardDrop> drops) {
                        firewall.add(drops);
                    }

                    @Override
                    public void eniLost(MacAddress eni, String reason) {
                        heard.add("lost " + eni + ": " + reason);
                    }

                    @Override
                    public void eniBack(MacAddress eni) {
                        heard.add("back " + eni);
                    }
                },
                nanos);
    }

    /// Waits until the kernel holds this, looking after each repair.
    void awaitState(List<String> wanted) throws IOException, InterruptedException {
        List<String> now = state();
        while (!now.equals(wanted) && heard.poll(ANSWER_SECONDS_MAX, TimeUnit.SECONDS) != null) {
            now = state();
        }
        assertThat(now).isEqualTo(wanted);
    }

    /// Waits until all of these were repaired.
    void awaitRepaired(Set<DriftKind> kinds) throws InterruptedException {
        Set<DriftKind> missing = EnumSet.copyOf(kinds);
        while (!missing.isEmpty()) {
            String next = heard.poll(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
            assertThat(next).as("not repaired: %s", missing).isNotNull();
            missing.removeIf(kind -> kind.label().equals(next));
        }
    }

    /// Somebody else's transaction of nftables, after which the firewall is looked at, too.
    void changeARule() throws IOException, InterruptedException {
        node.in("node", "nft add chain ip somebody passing; nft delete chain ip somebody passing");
    }

    /// Waits for the next look at the node's firewall that sees that many chains which drop.
    List<ForwardDrop> awaitDrops(int chains) throws InterruptedException {
        List<ForwardDrop> next;
        do {
            next = firewall.poll(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
            assertThat(next).as("no look at the firewall saw %s chains", chains).isNotNull();
        } while (next.size() != chains);
        return next;
    }

    void awaitHeard(String start) throws InterruptedException {
        String next;
        do {
            next = heard.poll(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
            assertThat(next).as("not heard: %s", start).isNotNull();
        } while (!next.startsWith(start));
    }

    /// What the kernel holds, sorted: order is not what is repaired.
    List<String> state() throws IOException, InterruptedException {
        String told = node.in(
                "node",
                "ip -d rule | grep -v \"lookup \\(local\\|default\\) \"; ip -4 route show table all; ip -4 -o addr; ip -o link; "
                        + "nft list tables; nft list table ip vpc-eni; nft list set ip vpc-eni-pods sources; grep . /proc/sys/net/ipv4/conf/*/forwarding /proc/sys/net/ipv4/conf/*/rp_filter");
        return told.lines()
                .map(String::strip)
                .filter(line -> !line.matches(".*/conf/(all|default|lo)/.*"))
                .filter(line -> !line.startsWith("Error: Peer netns")) // iproute2 asks for names of namespaces
                .map(line -> line.replaceAll("qdisc \\w+ | qlen \\d+", ""))
                .sorted()
                .toList();
    }

    /// Both ways by both ENIs, and as whom.
    void assertPacketsFlow() throws IOException {
        assertThat(seen("pod", VPC_HOST)).isEqualTo(POD);
        assertThat(seen("pod", INTERNET)).isEqualTo(NODE);
        assertThat(seen("first", VPC_HOST)).isEqualTo(PRIMARY_POD);
        assertThat(seen("first", INTERNET)).isEqualTo(NODE);
    }

    /// A client outside of the VPC, as in a peered one, reaches the pod at its own address, and is answered.
    void assertClientsReach(String pod, String address) throws IOException {
        assertThat(seen("vpc", INTERNET, pod, address)).isEqualTo(INTERNET);
    }

    /// The source that a server at that address outside sees of the pod; the connection carries a word there and back.
    String seen(String pod, String address) throws IOException {
        return seen(pod, "0.0.0.0", "vpc", address);
    }

    private String seen(String client, String from, String server, String address) throws IOException {
        return seen(
                client,
                from,
                Netns.call(node.path(server), () -> new ServerSocket(8080, 1, InetAddress.ofLiteral(address))));
    }

    private String seen(String from, String source, ServerSocket server) throws IOException {
        try (server) {
            server.setSoTimeout(5000);
            Socket client = Netns.call(node.path(from), () -> {
                Socket socket = new Socket();
                socket.bind(new InetSocketAddress(InetAddress.ofLiteral(source), 0));
                socket.connect(server.getLocalSocketAddress(), 5000);
                return socket;
            });
            return TcpConnection.sourceSeen(server, client);
        }
    }

    @Override
    public void close() throws IOException {
        node.close();
    }
}
