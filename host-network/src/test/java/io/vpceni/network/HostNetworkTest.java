package io.vpceni.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.Cidr;
import io.vpceni.config.DeviceSlot;
import io.vpceni.config.MacAddress;
import io.vpceni.config.NetworkSettings;
import io.vpceni.config.PodName;
import io.vpceni.config.RandomizeSnat;
import io.vpceni.netlink.Netns;
import io.vpceni.netlink.NetnsFd;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("root")
class HostNetworkTest {

    private static final MacAddress PRIMARY = MacAddress.parse("02:00:00:00:00:0a");
    private static final MacAddress SECONDARY = MacAddress.parse("02:00:00:00:00:0b");

    private static final EniLink MISSING = new EniLink(
            MacAddress.parse("02:00:00:00:00:0c"),
            new DeviceSlot(0, 2),
            InetAddress.ofLiteral("10.0.2.10"),
            Cidr.parse("10.0.2.0/24"));
    private static final EniLink NEIGHBOUR =
            new EniLink(SECONDARY, new DeviceSlot(0, 1), InetAddress.ofLiteral("10.0.1.10"), Cidr.parse("10.0.1.0/24"));

    private final String name = "vpl-hn" + ProcessHandle.current().pid();
    private final List<String> namespaces = new ArrayList<>();
    private Path node = Path.of("/");
    private HostNetwork network;

    @BeforeEach
    void openANodeWithTwoEnis() throws IOException, InterruptedException {
        node = namespace("node");
        in("node", "echo 0 > /proc/sys/net/ipv4/ip_forward"); // as the machine has it, otherwise
        in("node", "ip link add eth0 address " + PRIMARY + " type veth peer name vpc0; ip link set vpc0 up");
        in("node", "ip addr add 10.0.0.10/24 dev eth0; ip link set eth0 up; ip route add default via 10.0.0.1");
        in("node", "ip link add eth1 address " + SECONDARY + " type veth peer name vpc1; ip link set vpc1 up");
        NetworkSettings settings =
                new NetworkSettings("eni", 1500, 1400, false, List.of(), RandomizeSnat.PRNG, 0x80, true);
        network = Netns.call(node, () -> HostNetwork.open(settings));
    }

    @AfterEach
    void leaveNothing() throws IOException, InterruptedException {
        try {
            network.close();
        } finally {
            for (String namespace : namespaces) {
                Shell.run("ip netns del " + namespace);
            }
        }
    }

    @Test
    void podsOfOneNodeReachEachOther() throws IOException, InterruptedException {
        wire("a", "10.0.0.20", 0);
        wire("b", "10.0.1.21", 1);

        assertThat(talk("a", "b", "10.0.1.21")).isEqualTo("10.0.0.20");
        assertThat(in("node", "cat /proc/sys/net/ipv4/ip_forward")).isEqualToIgnoringWhitespace("0");
    }

    @Test
    void rulesAndRoutesAreTheOnesThatOperatorsKnow() throws IOException, InterruptedException {
        WiredPod pod = wire("b", "10.0.1.21", 1);

        assertThat(in("node", "ip rule"))
                .contains("512:\tfrom all to 10.0.1.21 lookup main")
                .contains("1536:\tfrom 10.0.1.21 lookup 2");
        assertThat(in("node", "ip -d rule show prio 512; ip -d rule show prio 1536")
                        .lines())
                .hasSize(2)
                .allMatch(rule -> rule.contains("proto kernel")); // systemd-networkd takes others away
        assertThat(in("node", "ip route")).contains("10.0.1.21 dev " + pod.hostInterface() + " scope link");
        assertThat(in("node", "ip link show " + pod.hostInterface()))
                .contains(
                        "alias vpc-eni/1 vpc-eni b eth0 10.0.1.21 default/pod-b",
                        pod.hostMac().toString(),
                        "mtu 1400",
                        "UP");
        assertThat(in("b", "ip route")).contains("default via 169.254.1.1 dev eth0", "169.254.1.1 dev eth0 scope link");
        assertThat(in("b", "ip neigh")).contains("169.254.1.1 dev eth0 lladdr " + pod.hostMac() + " PERMANENT");
        assertThat(in("b", "ip -4 addr show eth0")).contains("inet 10.0.1.21/32");
    }

    @Test
    void unwiringLeavesNothing() throws IOException, InterruptedException {
        network.filterPods(network.survey());
        String before = state();
        wire("a", "10.0.1.21", 1);

        network.unwire(new PodUnwiring(
                new AttachmentKey("vpc-eni", "a", "eth0"), PodName.UNKNOWN, InetAddress.ofLiteral("10.0.1.21")));
        network.unwire(new PodUnwiring(
                new AttachmentKey("vpc-eni", "a", "eth0"), PodName.UNKNOWN, InetAddress.ofLiteral("10.0.1.21")));
        assertThat(in("node", "ip rule; ip route")).doesNotContain("10.0.1.21");
        network.close();

        assertThat(state()).isEqualTo(before);
    }

    @Test
    void aSandboxIsWiredAgainRightAfterItsUnwiring() throws IOException, InterruptedException {
        wire("a", "10.0.1.21", 1);
        network.unwire(new PodUnwiring(
                new AttachmentKey("vpc-eni", "a", "eth0"), PodName.UNKNOWN, InetAddress.ofLiteral("10.0.1.21")));

        WiredPod again = wireExisting("a", "10.0.1.22", 1);

        assertThat(in("node", "ip route")).contains("10.0.1.22 dev " + again.hostInterface());
    }

    @Test
    void whatIsWiredIsFoundAgainAlsoWithoutItsRoute() throws IOException, InterruptedException {
        WiredPod a = wire("a", "10.0.0.20", 0);
        WiredPod b = wire("b", "10.0.1.21", 1);
        in("node", "ip route del 10.0.0.20");

        assertThat(network.recover())
                .containsExactlyInAnyOrder(
                        new WiredPodFound(
                                new AttachmentKey("vpc-eni", "a", "eth0"),
                                new PodName("default", "pod-a"),
                                a.hostInterface(),
                                InetAddress.ofLiteral("10.0.0.20"),
                                false,
                                254),
                        new WiredPodFound(
                                new AttachmentKey("vpc-eni", "b", "eth0"),
                                new PodName("default", "pod-b"),
                                b.hostInterface(),
                                InetAddress.ofLiteral("10.0.1.21"),
                                true,
                                2));
    }

    @Test
    void aFailureUndoesWhatWasDone() throws IOException, InterruptedException {
        namespace("a");
        String before = in("node", "ip -o link | cut -d: -f2; ip route show table all");
        // Eight left-over rules are cleared away; with the ninth in its place, the last step is refused.
        for (int table = 102; table <= 109; table++) {
            in("node", "ip rule add from 10.0.1.21 lookup " + table + " priority 1536");
        }
        in("node", "ip rule add from 10.0.1.21 lookup 2 priority 1536 protocol kernel");

        assertThatThrownBy(() -> wireExisting("a", "10.0.1.21", 1))
                .isInstanceOf(NetworkFailure.class)
                .hasMessage(
                        "add the rule from the pod: RTM_NEWRULE from 10.0.1.21/32 lookup 2 priority 1536: EEXIST (17)");

        assertThat(in("node", "ip -o link | cut -d: -f2; ip route show table all"))
                .isEqualTo(before);
        assertThat(in("node", "ip rule")).doesNotContain("512:");
        assertThat(in("a", "ip link")).doesNotContain("eth0");
    }

    @Test
    void anEarlierTryOfTheSameSandboxMakesWay() throws IOException, InterruptedException {
        wire("a", "10.0.0.20", 0);
        wire("b", "10.0.1.21", 1);

        WiredPod again = wireExisting("a", "10.0.0.20", 0);

        assertThat(in("node", "ip -o link show " + again.hostInterface())).contains("vpc-eni/1 vpc-eni a eth0");
        assertThat(talk("b", "a", "10.0.0.20")).isEqualTo("10.0.1.21");
    }

    @Test
    void anInterfaceThatIsThereAlreadyIsAFailureOfItsOwn() throws IOException, InterruptedException {
        namespace("a");
        in("a", "ip link add eth0 type veth peer name other");
        String before = state();

        assertThatThrownBy(() -> wireExisting("a", "10.0.1.21", 1))
                .isInstanceOfSatisfying(
                        NetworkFailure.class,
                        failure -> assertThat(failure.kind()).isEqualTo(NetworkFailure.Kind.INTERFACE_EXISTS));

        assertThat(state()).isEqualTo(before);
    }

    @Test
    void enisGetTheirTablesTwiceOver() throws IOException, InterruptedException {
        for (int i = 0; i < 2; i++) {
            setUpEnis();

            assertThat(in("node", "ip rule"))
                    .containsOnlyOnce("1024:\tfrom all fwmark 0x80/0x80 lookup main")
                    .containsOnlyOnce("32765:\tfrom 10.0.1.10 lookup 2");
            assertThat(in("node", "ip route show table 2"))
                    .contains("default via 10.0.1.1 dev eth1", "10.0.1.1 dev eth1 scope link");
            assertThat(in("node", "ip route show table main")).doesNotContain("eth1");
            assertThat(in("node", "ip addr show eth1")).contains("10.0.1.10/24");
            assertThat(in("node", "cat /proc/sys/net/ipv4/conf/eth1/rp_filter /proc/sys/net/ipv4/conf/eth0/forwarding"))
                    .isEqualTo("2\n1\n");
        }
    }

    @Test
    void anEniWhoseLinkIsMissingHoldsNobodyUp() throws ExecutionException, IOException, InterruptedException {
        FutureTask<Void> waiting = setUpOnAThread(MISSING);

        network.setUpEni(NEIGHBOUR);

        assertThat(in("node", "ip route show table 2")).contains("default via 10.0.1.1 dev eth1");
        assertThat(waiting.isDone()).isFalse();
        in("node", "ip link add eth2 address " + MISSING.mac() + " type veth peer name vpc2");
        assertThat(waiting.get()).isNull();
        assertThat(in("node", "ip route show table 3")).contains("default via 10.0.2.1 dev eth2");
    }

    @Test
    void closeEndsTheWaitForALink() {
        FutureTask<Void> waiting = setUpOnAThread(MISSING);

        network.close();

        assertThatThrownBy(waiting::get)
                .cause()
                .isInstanceOfSatisfying(
                        NetworkFailure.class,
                        failure -> assertThat(failure.kind()).isEqualTo(NetworkFailure.Kind.OUTCOME_UNKNOWN));
    }

    @Test
    void aDetachedEniLeavesNoRuleNoRouteAndNoAddressBehindAndThePrimaryStays()
            throws IOException, InterruptedException {
        setUpEnis();
        String primary = in("node", "ip route show table main");

        in(
                "node",
                "ip rule add from 10.0.1.10 lookup 2 priority 32765"); // as a daemon of before had it: protocol unspec
        in("node", "ip link del eth1");
        for (int i = 0; i < 2; i++) { // gone already is fine
            network.takeDownEni(NEIGHBOUR);
        }

        assertThat(in("node", "ip rule"))
                .doesNotContain("10.0.1.10", "32765:")
                .containsOnlyOnce("1024:\tfrom all fwmark 0x80/0x80 lookup main");
        assertThat(in("node", "ip route show table all")).doesNotContain("table 2 ", "10.0.1.");
        assertThat(in("node", "ip route show table main")).isEqualTo(primary);
    }

    @Test
    void theTableIsReplacedAndTheOldOneIsGone() throws IOException, InterruptedException {
        setUpEnis();
        InetAddress nodeAddress = InetAddress.ofLiteral("10.0.0.10");

        network.applyNat(new NatRules(nodeAddress, List.of(Cidr.parse("10.0.0.0/16"))));
        network.applyNat(new NatRules(nodeAddress, List.of(Cidr.parse("10.1.0.0/16"), Cidr.parse("10.1.2.0/24"))));

        String table = in("node", "nft list table ip vpc-eni");
        assertThat(table)
                .contains("elements = { 10.1.0.0/16 }")
                .contains("iif \"eth0\" fib daddr . iif type local ct mark set ct mark | 0x00000080")
                .contains("iifgroup { " + LinkGroups.PODS + ", " + LinkGroups.ROUTING_PODS
                        + " } ct state new ip daddr != @kept")
                .contains("iifname \"eni*\" ct state new ip daddr != @kept ct mark set ct mark | 0x00000080")
                .contains("iifname \"eni*\" ct mark & 0x00000080 == 0x00000080 meta mark set meta mark | 0x00000080")
                .contains("oif \"eth0\" ip saddr @vpc ip saddr != 10.0.0.10 ip daddr != @kept snat to 10.0.0.10"
                        + " fully-random")
                .doesNotContain("10.0.0.0/16");
    }

    @Test
    void noVirtualThreadEndsUpInAnotherNamespace() throws IOException, InterruptedException {
        String home = namespaceOfThisThread();
        Set<String> seen = new TreeSet<>();
        for (int i = 0; i < 20; i++) {
            String pod = "p" + i;
            namespace(pod);
            String address = "10.0.2." + (i + 1);
            Thread wirer = Thread.ofVirtual().name("wirer-" + i).start(() -> {
                try {
                    wireExisting(pod, address, 1);
                } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            wirer.join();
            assertThat(in("node", "ip route")).contains(address);
            List<Thread> lookers = new ArrayList<>();
            for (int j = 0; j < 10; j++) {
                lookers.add(Thread.ofVirtual().name("looker-" + j).start(() -> {
                    String where = namespaceOfThisThread();
                    synchronized (seen) {
                        seen.add(where);
                    }
                }));
            }
            for (Thread looker : lookers) {
                looker.join();
            }
        }

        assertThat(seen).containsExactly(home);
    }

    @Test
    void twoHundredPodsAreWiredAboutAMillisecondEach() throws IOException, InterruptedException {
        List<NetnsFd> sandboxes = new ArrayList<>();
        List<Long> wired = new ArrayList<>();
        List<Long> unwired = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            sandboxes.add(NetnsFd.open(namespace("q" + i)));
        }
        for (int i = 0; i < 200; i++) {
            PodWiring wiring = wiring("q" + i, "10.0.3." + (i + 1), 1);
            long start = System.nanoTime();
            network.wire(wiring, sandboxes.get(i));
            wired.add((System.nanoTime() - start) / 1000);
        }
        for (int i = 0; i < 200; i++) {
            PodWiring wiring = wiring("q" + i, "10.0.3." + (i + 1), 1);
            long start = System.nanoTime();
            network.unwire(new PodUnwiring(wiring.key(), PodName.UNKNOWN, wiring.address()));
            unwired.add((System.nanoTime() - start) / 1000);
            sandboxes.get(i).close();
        }
        wired.sort(null);
        unwired.sort(null);
        Files.writeString(
                Path.of("target/host-network-figures.txt"),
                "microseconds: wire p50 " + wired.get(100) + " p99 " + wired.get(197) + ", unwire p50 "
                        + unwired.get(100) + " p99 " + unwired.get(197) + "\n");

        assertThat(wired.get(100))
                .isLessThan(20_000); // a moved or deleted link would cost as much; see docs for figures
    }

    /// The address that the server in one sandbox sees when the other sandbox connects to it.
    private String talk(String from, String to, String address) throws IOException, InterruptedException {
        ServerSocket server = Netns.call(Path.of("/run/netns", name + "-" + to), () -> new ServerSocket(8080));
        try (server) {
            server.setSoTimeout(5000);
            Socket client = Netns.call(Path.of("/run/netns", name + "-" + from), () -> {
                Socket socket = new Socket();
                socket.connect(new InetSocketAddress(InetAddress.ofLiteral(address), 8080), 5000);
                return socket;
            });
            try (client;
                    Socket accepted = server.accept()) {
                return accepted.getInetAddress().getHostAddress();
            }
        }
    }

    private void setUpEnis() throws IOException, InterruptedException {
        network.setUpPrimary(new EniLink(
                PRIMARY, DeviceSlot.PRIMARY, InetAddress.ofLiteral("10.0.0.10"), Cidr.parse("10.0.0.0/24")));
        network.setUpEni(NEIGHBOUR);
    }

    /// Sets that ENI up on a thread of its own, and comes back when that one waits for the link.
    private FutureTask<Void> setUpOnAThread(EniLink eni) {
        FutureTask<Void> done = new FutureTask<>(() -> {
            network.setUpEni(eni);
            return null;
        });
        Thread thread = Thread.ofPlatform().daemon().start(done);
        while (!done.isDone()
                && Stream.of(thread.getStackTrace())
                        .noneMatch(frame -> frame.getClassName().equals(LinkWait.class.getName())
                                && frame.getMethodName().equals("pause"))) {
            Thread.onSpinWait();
        }
        return done;
    }

    private WiredPod wire(String pod, String address, int device) throws IOException, InterruptedException {
        namespace(pod);
        return wireExisting(pod, address, device);
    }

    private WiredPod wireExisting(String pod, String address, int device) throws IOException, InterruptedException {
        try (NetnsFd netns = NetnsFd.open(Path.of("/run/netns", name + "-" + pod))) {
            return network.wire(wiring(pod, address, device), netns);
        }
    }

    private static PodWiring wiring(String pod, String address, int device) {
        return new PodWiring(
                new AttachmentKey("vpc-eni", pod, "eth0"),
                new PodName("default", "pod-" + pod),
                InetAddress.ofLiteral(address),
                new DeviceSlot(0, device));
    }

    private Path namespace(String suffix) throws IOException, InterruptedException {
        String namespace = name + "-" + suffix;
        Shell.run("ip netns add " + namespace);
        namespaces.addFirst(namespace);
        return Path.of("/run/netns", namespace);
    }

    private String in(String suffix, String command) throws IOException, InterruptedException {
        return Shell.run("ip netns exec " + name + "-" + suffix + " sh -ec '" + command + "'");
    }

    /// Without the counts of packets that were dropped of links that are gone.
    private String state() throws IOException, InterruptedException {
        return in("node", "ip -o link | cut -d: -f2; ip route show table all; ip rule; nft list ruleset")
                .lines()
                .filter(line -> !line.contains("counter packets"))
                .collect(Collectors.joining("\n"));
    }

    private static String namespaceOfThisThread() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net")).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
