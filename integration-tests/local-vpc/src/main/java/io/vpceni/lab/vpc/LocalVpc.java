package io.vpceni.lab.vpc;

import io.vpceni.config.Cidr;
import io.vpceni.lab.backend.VpcBackend;
import io.vpceni.lab.machine.LabResources;
import io.vpceni.lab.machine.Namespace;
import io.vpceni.lab.world.LabSubnet;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/// A VPC on this machine: a router, an internet beyond it, and a namespace for each node. Its ENIs are those that the
/// EC2 API behind it says are attached. Closing the [LabResources] deletes the namespaces.
public final class LocalVpc implements AutoCloseable {
    /// A server in the internet's namespace, with which pods test SNAT.
    public static final InetAddress INTERNET_SERVER = InetAddress.ofLiteral("198.51.100.10");

    /// The EC2 API's address in the internet's namespace.
    public static final InetAddress EC2_API = InetAddress.ofLiteral("198.51.100.20");

    private static final String INTERNET_ROUTER = "198.51.100.1";
    private static final int INTERNET_PREFIX_BITS = 24;
    /// The internet's servers accept segments of jumbo frames, but the path to them has an MTU of 1500 bytes:
    /// senders learn it from the router's ICMP messages.
    private static final int JUMBO_SEGMENT = 8960;

    private static final Duration LINK_MAX = Duration.ofSeconds(20);

    private final LabResources resources;
    private final FabricSettings settings;
    private final Namespace router;
    private final Namespace internet;
    private final Map<String, VpcNode> nodes = new LinkedHashMap<>();
    private Optional<Fabric> fabric = Optional.empty();

    private LocalVpc(LabResources resources, FabricSettings settings, Namespace router, Namespace internet) {
        this.resources = resources;
        this.settings = settings;
        this.router = router;
        this.internet = internet;
    }

    /// Builds router and internet. Nothing is attached before [#follow].
    public static LocalVpc build(LabResources resources, FabricSettings settings) throws IOException {
        Namespace router = resources.namespace("router");
        Namespace internet = resources.namespace("internet");
        router.sysctl(Map.of(
                "net/ipv4/ip_forward", "1",
                "net/ipv4/conf/all/rp_filter", "0", // the fabric checks and counts sources itself
                "net/ipv4/conf/default/rp_filter", "0",
                "net/ipv4/conf/all/send_redirects", "0",
                "net/ipv4/conf/all/proxy_arp", "0",
                "net/ipv4/conf/default/send_redirects", "0",
                "net/ipv6/conf/all/disable_ipv6", "1",
                "net/ipv6/conf/default/disable_ipv6", "1"));
        internet.sysctl(Map.of(
                "net/ipv4/ip_forward", "0",
                "net/ipv4/conf/all/rp_filter", "0",
                "net/ipv4/conf/default/rp_filter", "0"));
        StringBuilder routes = new StringBuilder("addr add " + RouterPlan.IMDS_ADDRESS + "/32 dev lo\n")
                .append("link add " + RouterPlan.INTERNET_LINK + " type veth peer name vpc0 netns " + internet.name()
                        + "\n")
                .append("addr add " + INTERNET_ROUTER + "/" + INTERNET_PREFIX_BITS + " dev " + RouterPlan.INTERNET_LINK
                        + "\n")
                .append("link set " + RouterPlan.INTERNET_LINK + " up\n");
        for (String service : RouterPlan.SERVICE_ADDRESSES) {
            routes.append("addr add " + service + "/32 dev lo\n");
        }
        StringBuilder back = new StringBuilder("link set vpc0 up\n");
        for (InetAddress address : new InetAddress[] {INTERNET_SERVER, EC2_API}) {
            back.append("addr add " + address.getHostAddress() + "/" + INTERNET_PREFIX_BITS + " dev vpc0\n");
        }
        for (Cidr cidr : settings.vpcCidrs()) {
            routes.append(
                    "route add blackhole " + cidr + "\n"); // packets to unassigned addresses do not reach the internet
            back.append("route add " + cidr + " via " + INTERNET_ROUTER + " advmss " + JUMBO_SEGMENT + "\n");
        }
        router.nft(RouterPlan.rules());
        router.ip(routes.toString());
        internet.ip(back.toString());
        return new LocalVpc(resources, settings, router, internet);
    }

    /// Starts following the EC2 API. To be called once.
    public void follow(VpcBackend backend, LongSupplier nanoTime) {
        Fabric started = new Fabric(router, backend, settings, nanoTime);
        fabric = Optional.of(started);
        started.start();
    }

    public void addSubnet(LabSubnet subnet) throws IOException {
        router.ip("addr add " + subnet.routerAddress().getHostAddress() + "/32 dev lo\n");
        following().add(subnet);
    }

    /// Makes a namespace for the instance and waits until its primary ENI is there, configured as by its operating
    /// system.
    ///
    /// @param imdsHopLimit 1 to 64
    public VpcNode addNode(String name, String instanceId, int imdsHopLimit) throws IOException {
        Namespace namespace = resources.namespace(name);
        namespace.sysctl(Map.of(
                "net/ipv4/ip_forward", "1", // as on a Kubernetes node
                "net/ipv4/conf/all/rp_filter", "0",
                "net/ipv4/conf/default/rp_filter", "2", // systemd's default on Amazon Linux 2023 and others
                "net/ipv4/conf/default/arp_ignore", "0",
                "net/ipv4/conf/all/send_redirects", "0",
                "net/ipv4/conf/default/send_redirects", "0",
                "net/ipv6/conf/default/disable_ipv6", "0"));
        VpcNode node = new VpcNode(name, nodes.size() + 1, instanceId, namespace, imdsHopLimit);
        nodes.put(name, node);
        following().add(node);
        following().awaitPrimary(node, LINK_MAX);
        return node;
    }

    /// The namespace of the metadata services, see [#imdsAddress].
    public Namespace router() {
        return router;
    }

    public Namespace internet() {
        return internet;
    }

    /// Address and port for the node's metadata service in the [#router]: only the node reaches it, at
    /// 169.254.169.254 port 80.
    public InetSocketAddress imdsAddress(VpcNode node) {
        return new InetSocketAddress(InetAddress.ofLiteral(RouterPlan.IMDS_ADDRESS), node.imdsPort());
    }

    /// Name of the link of each ENI of the node, by ENI id.
    public Map<String, String> linksOf(VpcNode node) {
        Map<String, String> names = new TreeMap<>();
        following().links().forEach((eniId, link) -> {
            if (link.node().equals(node)) {
                names.put(eniId, link.nodeName());
            }
        });
        return names;
    }

    /// The drop counts until now.
    public DropCounts drops() throws IOException {
        return DropCounts.parse(router.program("nft", "-j", "list", "counters").run());
    }

    private Fabric following() {
        return fabric.orElseThrow(() -> new IllegalStateException("nothing is attached before follow()"));
    }

    /// Stops following EC2; the namespaces stay until the resources are closed.
    @Override
    public void close() throws IOException {
        if (fabric.isPresent()) {
            fabric.get().close();
        }
    }
}
