package io.vpceni.network;

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
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A node with two ENIs, in a namespace of its own, and the namespaces around it. Closing takes all of them away.
final class TestNode implements AutoCloseable {

    static final MacAddress PRIMARY = MacAddress.parse("02:00:00:00:00:0a");
    static final MacAddress SECONDARY = MacAddress.parse("02:00:00:00:00:0b");

    private final String name;
    private final List<String> namespaces = new ArrayList<>();
    private final List<HostNetwork> networks = new ArrayList<>();

    private TestNode(String name) {
        this.name = name;
    }

    /// The far ends of the ENIs' links are `vpc0` and `vpc1` in the namespace `vpc`.
    static TestNode open(String suffix) throws IOException, InterruptedException {
        TestNode node = new TestNode("vpl-" + suffix + ProcessHandle.current().pid());
        node.namespace("node");
        node.namespace("vpc");
        node.in(
                "node",
                "ip link set lo up; "
                        + "ip link add eth0 address " + PRIMARY + " type veth peer name vpc0 netns " + node.name
                        + "-vpc; "
                        + "ip link add eth1 address " + SECONDARY + " type veth peer name vpc1 netns " + node.name
                        + "-vpc; "
                        + "ip addr add 10.0.0.10/24 dev eth0; ip link set eth0 up");
        node.in(
                "vpc",
                "ip link set lo up; ip link set vpc0 up; ip link set vpc1 up; "
                        + "ip addr add 10.0.0.1/24 dev vpc0; ip addr add 10.0.1.1/24 dev vpc1");
        node.in("node", "ip route add default via 10.0.0.1");
        return node;
    }

    static NetworkSettings settings(boolean externalSnat, List<Cidr> excluded, boolean nodePort) {
        return new NetworkSettings("eni", 1500, 1400, externalSnat, excluded, RandomizeSnat.PRNG, 0x80, nodePort);
    }

    static NetworkSettings settings() {
        return settings(false, List.of(), true);
    }

    HostNetwork network(NetworkSettings settings) throws IOException {
        HostNetwork network = Netns.call(path("node"), () -> HostNetwork.open(settings));
        networks.add(network);
        return network;
    }

    void setUpEnis(HostNetwork network) throws IOException {
        network.setUpPrimary(new EniLink(
                PRIMARY, DeviceSlot.PRIMARY, InetAddress.ofLiteral("10.0.0.10"), Cidr.parse("10.0.0.0/24")));
        network.setUpEni(new EniLink(
                SECONDARY, new DeviceSlot(0, 1), InetAddress.ofLiteral("10.0.1.10"), Cidr.parse("10.0.1.0/24")));
    }

    /// Wires a sandbox that exists.
    WiredPod wire(HostNetwork network, String pod, String address, int card, int device) throws IOException {
        return wire(network, pod, wiring(pod, address, card, device));
    }

    WiredPod wire(HostNetwork network, String namespace, PodWiring wiring) throws IOException {
        try (NetnsFd netns = NetnsFd.open(path(namespace))) {
            return network.wire(wiring, netns);
        }
    }

    static PodWiring wiring(String pod, String address, int card, int device) {
        return new PodWiring(
                new AttachmentKey("vpc-eni", pod, "eth0"),
                new PodName("default", "pod-" + pod),
                InetAddress.ofLiteral(address),
                new DeviceSlot(card, device));
    }

    /// As the journal tells it to a later life.
    static RecordedPod onRecord(PodWiring pod) {
        return new RecordedPod(pod.key(), pod.pod(), pod.address());
    }

    static PodUnwiring unwiring(String pod, String address) {
        return new PodUnwiring(
                new AttachmentKey("vpc-eni", pod, "eth0"),
                new PodName("default", "pod-" + pod),
                InetAddress.ofLiteral(address));
    }

    Path namespace(String suffix) throws IOException, InterruptedException {
        String namespace = name + "-" + suffix;
        Shell.run("ip netns add " + namespace);
        namespaces.addFirst(namespace);
        return path(suffix);
    }

    Path path(String suffix) {
        return Path.of("/run/netns", name + "-" + suffix);
    }

    String in(String suffix, String command) throws IOException, InterruptedException {
        return Shell.run("ip netns exec " + name + "-" + suffix + " sh -ec '" + command + "'");
    }

    String state() throws IOException, InterruptedException {
        return in(
                "node",
                "ip -o link | cut -d: -f2; ip -4 route show table all; ip rule; "
                        // the pods' filter comes with the first pod and stays; PodFilterLifeTest has it
                        + "nft list tables | grep -v vpc-eni-pods | while read t; do nft list $t; done");
    }

    @Override
    public void close() throws IOException {
        try {
            networks.forEach(HostNetwork::close);
        } finally {
            for (String namespace : namespaces) {
                delete(namespace);
            }
        }
    }

    private static void delete(String namespace) throws IOException {
        try {
            var _ = Shell.run("ip netns del " + namespace);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + namespace + " was deleted", e);
        }
    }
}
