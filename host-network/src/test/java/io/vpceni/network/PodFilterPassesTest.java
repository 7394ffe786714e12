package io.vpceni.network;

import static io.vpceni.network.FilteredNode.NODE;
import static io.vpceni.network.FilteredNode.OTHER;
import static io.vpceni.network.FilteredNode.POD;
import static io.vpceni.network.FilteredNode.PORT;
import static io.vpceni.network.FilteredNode.VPC_HOST;
import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.config.AttachmentKey;
import io.vpceni.config.Cidr;
import io.vpceni.config.DeviceSlot;
import io.vpceni.config.MacAddress;
import io.vpceni.config.PodName;
import io.vpceni.netlink.NetnsFd;
import io.vpceni.netlink.PacketSocket;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What goes on although pods send with their own addresses only: connections that are translated on the way, services
/// at link-local addresses, and pods whose wiring is not the usual one.
@Tag("root")
@SuppressWarnings("NullAway.Init") // set before each test
class PodFilterPassesTest {

    private static final String SERVICE = "172.20.0.1";

    private FilteredNode it;

    @BeforeEach
    void open() throws IOException, InterruptedException {
        it = FilteredNode.open("pp");
        it.network.applyNat(new NatRules(InetAddress.ofLiteral(NODE), List.of(Cidr.parse("10.0.0.0/16"))));
    }

    /// None of these was counted as anything else on the way.
    @AfterEach
    void nothingWasDropped() throws IOException {
        try (FilteredNode closed = it) {
            assertThat(closed.dropped(PodDrop.SOURCE)).isZero();
            assertThat(closed.dropped(PodDrop.NODE)).isZero();
            assertThat(closed.dropped(PodDrop.ARP)).isZero();
        }
    }

    @Test
    void aPodThatReachesItselfThroughAService() throws IOException, InterruptedException {
        service(POD);
        it.node.in(
                "node",
                "nft add chain ip kube out \"{ type nat hook postrouting priority 100; }\"; "
                        + "nft add rule ip kube out ip saddr " + POD + " ip daddr " + POD + " masquerade");

        assertThat(it.exchange("pod", SERVICE, 80, "pod", POD, 8080)).isNotEqualTo(POD);
    }

    @Test
    void aPodThatAnswersForAService() throws IOException, InterruptedException {
        service(POD);

        assertThat(it.exchange("other", SERVICE, 80, "pod", POD, 8080)).isEqualTo(OTHER);
    }

    @Test
    void aPodThatAnswersForANodePort() throws IOException, InterruptedException {
        it.node.in(
                "node",
                "nft add table ip kube; nft add chain ip kube in \"{ type nat hook prerouting priority -100; }\"; "
                        + "nft add rule ip kube in ip daddr " + NODE + " tcp dport 30080 dnat to " + POD + ":8080");

        assertThat(it.exchange("vpc", NODE, 30080, "pod", POD, 8080)).isEqualTo("10.0.0.1");
    }

    @Test
    void aPodThatAsksNodeLocalDns() throws IOException, InterruptedException {
        reachesTheNodesService("169.254.20.10", 53);
    }

    @Test
    void aPodThatAsksPodIdentity() throws IOException, InterruptedException {
        reachesTheNodesService("169.254.170.23", 80);
    }

    private void reachesTheNodesService(String address, int port) throws IOException, InterruptedException {
        it.node.in("node", "ip addr add " + address + "/32 dev lo");

        assertThat(it.exchange("pod", address, port, "node", address, port)).isEqualTo(POD);
    }

    /// The agent of an ambient mesh has the kubelet's probes come from an address that the pod's proxy lets pass.
    @Test
    void aPodThatAnswersAnAmbientMeshsProbe() throws IOException, InterruptedException {
        it.node.in(
                "node",
                "nft add table ip mesh; nft add chain ip mesh out \"{ type nat hook postrouting priority 100; }\"; "
                        + "nft add rule ip mesh out oifname " + it.pod.hostInterface() + " snat to 169.254.7.127");

        assertThat(it.exchange("node", POD, 8080, "pod", POD, 8080)).isEqualTo("169.254.7.127");
    }

    @Test
    void aPodThatAnswersOverASecondInterface() throws IOException, InterruptedException {
        String second = "10.0.1.22";
        PodWiring net1 = new PodWiring(
                new AttachmentKey("vpc-eni", "pod", "net1"),
                new PodName("default", "pod-pod"),
                InetAddress.ofLiteral(second),
                new DeviceSlot(0, 1));
        try (NetnsFd netns = NetnsFd.open(it.node.path("pod"))) {
            var _ = it.network.wire(net1, netns);
        }
        it.node.in("vpc", "ip route add " + second + " via 10.0.1.10");

        assertThat(it.exchange("vpc", second, 8080, "pod", second, 8080)).isEqualTo("10.0.1.1");
    }

    /// A check by the kernel's routes would cut it off.
    @Test
    void aPodWhoseHostRouteIsBeingRepaired() throws IOException, InterruptedException {
        it.node.in("node", "ip route del " + POD);

        try (DatagramSocket at = it.listen("vpc", VPC_HOST)) {
            it.link.send(it.frames.udp(POD, VPC_HOST, PORT));
            assertThat(FilteredNode.arrival(at)).isEqualTo(POD);
        }
    }

    /// Its link was made by the AWS VPC CNI: no alias, no group of ours. It may send as long as nobody looks
    /// after it, and with its own address once somebody does.
    @Test
    void aPodOfTheAwsVpcCniThatIsTakenOver() throws IOException, InterruptedException {
        String address = "10.0.1.23";
        it.node.namespace("aws");
        it.node.in(
                "node",
                "ip link add eniaws type veth peer name eth0 netns "
                        + it.node.path("aws").getFileName() + "; ip link set eniaws up; ip route add " + address
                        + " dev eniaws");
        it.node.in("aws", "ip link set eth0 up");
        HostSurvey survey = it.network.survey();
        it.network.keep(survey, List.of(TestNode.wiring("aws", address, 0, 1)));
        it.network.filterPods(survey);

        try (DatagramSocket at = it.listen("vpc", VPC_HOST);
                PacketSocket link = PacketSocket.open(it.node.path("aws"), "eth0")) {
            Frames frames = new Frames(mac("aws", "eth0"), mac("node", "eniaws"));
            link.send(frames.udp(POD, VPC_HOST, PORT));
            link.send(frames.udp(address, VPC_HOST, PORT));
            assertThat(FilteredNode.arrival(at)).isEqualTo(address);
        }
    }

    private MacAddress mac(String where, String link) throws IOException, InterruptedException {
        return MacAddress.parse(
                it.node.in(where, "cat /sys/class/net/" + link + "/address").strip());
    }

    /// What kube-proxy does.
    private void service(String behind) throws IOException, InterruptedException {
        it.node.in(
                "node",
                "nft add table ip kube; nft add chain ip kube in \"{ type nat hook prerouting priority -100; }\"; "
                        + "nft add rule ip kube in ip daddr " + SERVICE + " tcp dport 80 dnat to " + behind + ":8080");
    }
}
