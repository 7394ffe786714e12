package io.vpceni.lab.acceptance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vpceni.lab.backend.FabricEni;
import io.vpceni.lab.machine.Namespace;
import io.vpceni.lab.site.EchoServer;
import io.vpceni.lab.site.LabInfrastructure;
import io.vpceni.lab.vpc.VpcNode;
import io.vpceni.lab.world.LabSubnet;
import java.io.IOException;
import java.net.InetAddress;

/// A pod on the first secondary address of a secondary ENI, wired with `ip` as somebody would who reads the AWS
/// documentation: no line of our product is in it.
record HandWiredPod(
        LabInfrastructure infrastructure, VpcNode node, FabricEni eni, Namespace namespace, EchoServer echoServer) {
    private static final int TABLE = 2;

    static HandWiredPod wire(LabInfrastructure infrastructure, VpcNode node, FabricEni eni) throws IOException {
        String role = "pod-" + node.name();
        Namespace pod = infrastructure.resources().namespace(role);
        LabSubnet subnet = infrastructure.world().subnets().getFirst();
        String router = subnet.routerAddress().getHostAddress();
        String link = link(infrastructure, node, eni);
        String address = address(eni).getHostAddress();
        node.namespace()
                .ip("addr add " + primary(eni).getHostAddress() + "/"
                        + subnet.cidr().prefixBits() + " dev " + link
                        + " noprefixroute\n"
                        + "link set " + link + " up\n"
                        + "route add " + router + " dev " + link + " scope link table " + TABLE + "\n"
                        + "route add default via " + router + " dev " + link + " table " + TABLE + "\n"
                        + "link add pod0 type veth peer name eth0 netns " + pod.name() + "\n"
                        + "link set pod0 up\n"
                        + "route add " + address + "/32 dev pod0\n"
                        + "rule add priority 512 to " + address + " lookup main\n");
        HandWiredPod wired = new HandWiredPod(infrastructure, node, eni, pod, EchoServer.in(pod));
        wired.addFromPodRule();
        String mac = show(node.namespace(), "pod0").path("address").asText();
        pod.ip("addr add " + address + "/32 dev eth0\n"
                + "link set eth0 up\n"
                + "route add 169.254.1.1 dev eth0 scope link\n"
                + "route add default via 169.254.1.1 dev eth0\n"
                + "neigh add 169.254.1.1 lladdr " + mac + " dev eth0 nud permanent\n");
        return wired;
    }

    InetAddress address() {
        return address(eni);
    }

    /// The primary address of the pod's ENI.
    InetAddress primary() {
        return primary(eni);
    }

    /// Name of the ENI's link in the node.
    String link() {
        return link(infrastructure, node, eni);
    }

    void addFromPodRule() throws IOException {
        node.namespace().ip("rule add priority 1536 from " + address().getHostAddress() + " lookup " + TABLE + "\n");
    }

    void removeFromPodRule() throws IOException {
        node.namespace().ip("rule del priority 1536 from " + address().getHostAddress() + " lookup " + TABLE + "\n");
    }

    /// The link as `ip -j link show` tells of it.
    static JsonNode show(Namespace namespace, String link) throws IOException {
        return new ObjectMapper()
                .readTree(namespace.show("-j", "link", "show", link))
                .path(0);
    }

    private static InetAddress primary(FabricEni eni) {
        return eni.addresses().getFirst();
    }

    private static InetAddress address(FabricEni eni) {
        return eni.addresses().get(1);
    }

    private static String link(LabInfrastructure infrastructure, VpcNode node, FabricEni eni) {
        return infrastructure.vpc().linksOf(node).getOrDefault(eni.eniId(), "none");
    }
}
