package io.vpceni.network;

import static io.vpceni.network.FilteredNode.NODE;
import static io.vpceni.network.FilteredNode.OTHER;
import static io.vpceni.network.FilteredNode.POD;
import static io.vpceni.network.FilteredNode.PORT;
import static io.vpceni.network.FilteredNode.VPC_HOST;
import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.DeviceSlot;
import io.vpceni.config.MacAddress;
import io.vpceni.config.NetworkSettings;
import io.vpceni.config.PodName;
import io.vpceni.config.RandomizeSnat;
import io.vpceni.netlink.NetnsFd;
import io.vpceni.netlink.PacketSocket;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The packet filter from a pod's first packet to its last, over restarts and other programs' doings.
@Tag("root")
class PodFilterLifeTest {

    private static final String ROUTED = "192.168.77.7"; // of a network behind a pod that routes

    @Test
    void aLinkThatNobodyHasNamedSendsNothing() throws IOException, InterruptedException {
        try (FilteredNode it = FilteredNode.open("pl")) {
            it.node.namespace("new");
            for (int group : LinkGroups.ALL) {
                it.node.in(
                        "node",
                        "ip link add new" + group % 100 + " group " + group + " type veth peer name eth" + group % 100
                                + " netns " + it.node.path("new").getFileName() + "; ip link set new" + group % 100
                                + " up");
                it.node.in("new", "ip link set eth" + group % 100 + " up");
                try (DatagramSocket at = it.listen("node", NODE);
                        PacketSocket link = PacketSocket.open(it.node.path("new"), "eth" + group % 100)) {
                    link.send(new Frames(it.pod.podMac(), mac(it, "new" + group % 100)).udp(POD, NODE, PORT));
                    it.link.send(it.frames.udp(POD, NODE, PORT));
                    assertThat(FilteredNode.arrival(at)).isEqualTo(POD);
                    assertThat(FilteredNode.arrived(at)).isEmpty();
                }
            }
        }
    }

    private static MacAddress mac(FilteredNode it, String link) throws IOException, InterruptedException {
        return MacAddress.parse(
                it.node.in("node", "cat /sys/class/net/" + link + "/address").strip());
    }

    @Test
    void anUnwiredPodsPacketsAreShutOut() throws IOException, InterruptedException {
        try (FilteredNode it = FilteredNode.open("pl")) {
            String before = it.node.in("node", "nft list set ip vpc-eni-pods sources");
            assertThat(before).contains(POD, OTHER);

            it.network.unwire(TestNode.unwiring("pod", POD));

            for (String family : new String[] {"ip", "arp"}) {
                assertThat(it.node.in("node", "nft list set " + family + " vpc-eni-pods sources"))
                        .doesNotContain(POD)
                        .contains(OTHER);
            }
        }
    }

    @Test
    void aPodWhoseAddressAnotherHasNowIsShutOut() throws IOException, InterruptedException {
        try (FilteredNode it = FilteredNode.open("pl")) {
            it.node.namespace("next");

            WiredPod next = it.node.wire(it.network, "next", POD, 0, 1); // the DEL of the first never came

            for (String family : new String[] {"ip", "arp"}) {
                assertThat(it.node.in("node", "nft list set " + family + " vpc-eni-pods sources"))
                        .containsOnlyOnce(POD)
                        .contains("\"" + next.hostInterface() + "\" . " + POD);
            }
        }
    }

    @Test
    void theLinkThatAPodHadBeforeIsShutOut() throws IOException, InterruptedException {
        try (FilteredNode it = FilteredNode.open("pl")) {
            it.node.in("pod", "ip link del eth0");

            WiredPod again = it.node.wire(it.network, "pod", POD, 0, 1);

            assertThat(it.node.in("node", "nft list set ip vpc-eni-pods sources"))
                    .containsOnlyOnce(POD)
                    .contains("\"" + again.hostInterface() + "\" . " + POD);
        }
    }

    /// An upgrade of ipamd: a new process takes over what the old one left.
    @Test
    void aRestartKnowsThePodsOfTheLifeBefore() throws IOException, InterruptedException {
        try (FilteredNode it = FilteredNode.open("pl")) {
            HostNetwork next = it.node.network(TestNode.settings());
            next.filterPods(next.survey());

            onlyItsOwnArrives(it);
        }
    }

    @Test
    void whileTheTablesAreReplacedNothingIsLostAndNothingGetsThrough()
            throws IOException, InterruptedException, ExecutionException {
        try (FilteredNode it = FilteredNode.open("pl")) {
            int packets = 2000;
            it.node.in(
                    "vpc",
                    "nft add table ip count; nft add chain ip count in \"{ type filter hook prerouting priority 0; }\"; "
                            + "nft add rule ip count in udp dport " + PORT + " ip saddr " + POD + " counter; "
                            + "nft add rule ip count in udp dport " + PORT + " ip saddr " + OTHER + " counter");
            FutureTask<Integer> replacing = new FutureTask<>(() -> {
                int done = 0;
                for (; done < 30; done++) {
                    it.network.filterPods(it.network.survey());
                }
                return done;
            });
            Thread.ofPlatform().name("replacing").start(replacing);
            int sent = 0;
            for (; sent < packets || !replacing.isDone(); sent++) {
                it.link.send(it.frames.udp(OTHER, VPC_HOST, PORT));
                it.link.send(it.frames.udp(POD, VPC_HOST, PORT));
            }
            assertThat(replacing.get()).isEqualTo(30);

            String all = "saddr " + POD + " counter packets " + sent + " ";
            FilteredNode.await(
                    "all of " + sent + " packets arrive",
                    () -> it.node.in("vpc", "nft list table ip count").contains(all));
            assertThat(it.node.in("vpc", "nft list table ip count")).contains("saddr " + OTHER + " counter packets 0 ");
        }
    }

    /// As `systemctl reload nftables` does it, and firewalld.
    @Test
    void afterAFlushTheNextWiringBringsAllOfItBack() throws IOException, InterruptedException {
        try (FilteredNode it = FilteredNode.open("pl")) {
            it.node.in("node", "nft flush ruleset");
            it.node.namespace("third");

            var _ = it.node.wire(it.network, "third", "10.0.1.24", 0, 1);

            onlyItsOwnArrives(it);
        }
    }

    @Test
    void unwiringAfterAFlushSucceeds() throws IOException, InterruptedException {
        try (FilteredNode it = FilteredNode.open("pl")) {
            it.node.in("node", "nft flush ruleset");

            it.network.unwire(TestNode.unwiring("pod", POD));

            assertThat(it.node.in("node", "ip rule")).doesNotContain(POD);
        }
    }

    @Test
    void aPodThatRoutesForOthersSendsForThemAlsoAfterARestart() throws IOException, InterruptedException {
        try (FilteredNode it = FilteredNode.open("pl")) {
            it.node.namespace("vpn");
            PodWiring wiring = new PodWiring(
                    new AttachmentKey("vpc-eni", "vpn", "eth0"),
                    new PodName("default", "pod-vpn"),
                    InetAddress.ofLiteral("10.0.1.25"),
                    new DeviceSlot(0, 1),
                    DefaultRoute.IF_NONE,
                    PodSources.ANY);
            WiredPod vpn;
            try (NetnsFd netns = NetnsFd.open(it.node.path("vpn"))) {
                vpn = it.network.wire(wiring, netns);
            }
            routesForOthers(it, vpn);

            HostNetwork next = it.node.network(TestNode.settings());
            next.filterPods(next.survey());
            routesForOthers(it, vpn);
        }
    }

    /// It is still no router for its node, and has no other way in.
    private static void routesForOthers(FilteredNode it, WiredPod vpn) throws IOException, InterruptedException {
        it.node.in("node", "echo 1 > /proc/sys/net/ipv4/conf/all/route_localnet");
        Frames frames = new Frames(vpn.podMac(), vpn.hostMac());
        try (DatagramSocket vpc = it.listen("vpc", VPC_HOST);
                DatagramSocket loopback = it.listen("node", "127.0.0.1");
                PacketSocket link = PacketSocket.open(it.node.path("vpn"), "eth0")) {
            link.send(frames.udp(ROUTED, "127.0.0.1", PORT));
            link.send(frames.udp(ROUTED, VPC_HOST, PORT));
            assertThat(FilteredNode.arrival(vpc)).isEqualTo(ROUTED);
            assertThat(FilteredNode.arrived(loopback)).isEmpty();
        }
    }

    @Test
    void aNodeThatDoesNotCheckSourcesStillLetsNoPodBeARouter() throws IOException, InterruptedException {
        NetworkSettings unchecked =
                new NetworkSettings("eni", 1500, 1400, false, List.of(), RandomizeSnat.PRNG, 0x80, true, false);
        try (FilteredNode it = FilteredNode.open("pl", unchecked)) {
            try (DatagramSocket vpc = it.listen("vpc", VPC_HOST)) {
                it.link.send(it.frames.udp(ROUTED, VPC_HOST, PORT));
                assertThat(FilteredNode.arrival(vpc)).isEqualTo(ROUTED);
            }
            it.link.send(it.frames.routerAdvertisement("fe80::66"));
            FilteredNode.await("the advertisement is dropped", () -> it.dropped(PodDrop.ROUTER) == 1);

            HostNetwork checking = it.node.network(TestNode.settings());
            checking.filterPods(checking.survey());
            onlyItsOwnArrives(it);
        }
    }

    @Test
    void dropsAreCountedByPodAndOnce() throws IOException, InterruptedException {
        try (FilteredNode it = FilteredNode.open("pl")) {
            for (int i = 0; i < 3; i++) {
                it.link.send(it.frames.udp(OTHER, NODE, PORT));
            }
            FilteredNode.await("three are counted", () -> it.dropped(PodDrop.SOURCE) == 3);

            it.link.send(it.frames.udp(OTHER, NODE, PORT));
            FilteredNode.await("one more is counted", () -> it.dropped(PodDrop.SOURCE) == 4);

            it.network.unwire(TestNode.unwiring("pod", POD));
            var _ = it.network.podDrops();
            assertThat(it.node.in("node", "nft list set ip vpc-eni-pods dropped-source"))
                    .doesNotContain("counter");
        }
    }

    private static void onlyItsOwnArrives(FilteredNode it) throws IOException {
        try (DatagramSocket at = it.listen("vpc", VPC_HOST)) {
            it.link.send(it.frames.udp(OTHER, VPC_HOST, PORT));
            it.link.send(it.frames.udp(POD, VPC_HOST, PORT));
            assertThat(FilteredNode.arrival(at)).isEqualTo(POD);
        }
    }
}
