package io.vpceni.lab.demo;

import io.vpceni.config.Count;
import io.vpceni.lab.machine.Namespace;
import io.vpceni.lab.site.EchoServer;
import io.vpceni.lab.site.Site;
import io.vpceni.lab.site.SiteNode;
import io.vpceni.lab.site.SitePod;
import io.vpceni.lab.vpc.DropCounts;
import io.vpceni.lab.vpc.LocalVpc;
import io.vpceni.lab.world.LabSubnet;
import io.vpceni.lab.world.World;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;

/// What must be lost, and counted: wrong policy routing is punished here as in a real VPC.
final class NegativeChecks {
    private static final Duration LOST_AFTER = Duration.ofMillis(700);
    private static final int FROM_POD_PRIORITY = 1536;

    /// Of no VPC: LocalStack deals out addresses at random, any of the VPC's could come up.
    private static final InetAddress FOREIGN = InetAddress.ofLiteral("192.0.2.77");

    private final Site site;

    NegativeChecks(Site site) {
        this.site = site;
    }

    void run(Checks checks) {
        Optional<SitePod> onSecondaryEni = site.pods().stream()
                .filter(candidate -> candidate.deviceIndex() > 0)
                .findFirst();
        onSecondaryEni.ifPresent(pod ->
                checks.check("without its from-pod rule a pod's packet is lost and counted", () -> withoutRule(pod)));
        checks.check("a foreign source address is lost and counted", this::foreignSource);
        checks.check("a pod does not reach the node's metadata service (hop limit)", this::podToMetadata);
    }

    private String withoutRule(SitePod pod) throws IOException {
        Optional<InetAddress> elsewhere = site.pods().stream()
                .filter(other -> !other.node().equals(pod.node()))
                .findFirst()
                .map(SitePod::address);
        // What goes to the internet gets the node's own address: on a lonely node only the router is left in the VPC.
        InetAddress lost = elsewhere.isPresent() ? elsewhere.get() : router(pod.node());
        Namespace node = pod.node().vpcNode().namespace();
        String rule = "priority " + FROM_POD_PRIORITY + " from " + pod.address().getHostAddress() + "/32 lookup "
                + (pod.deviceIndex() + 1) + "\n";
        long before = spoofed(pod.node());
        node.ip("rule del " + rule);
        try {
            requireLost(pod.sandbox().namespace(), pod.name(), lost);
        } finally {
            node.ip("rule add " + rule);
        }
        long counted = spoofed(pod.node()) - before;
        Checks.require(counted > 0, "the packet was lost, but not where a VPC loses it: nothing was counted");
        InetAddress _ = pod.ask(elsewhere.orElse(LocalVpc.INTERNET_SERVER), LOST_AFTER);
        return pod.name() + ": " + Count.of(counted, "packet") + " counted; with the rule it is heard again";
    }

    /// The router itself is spoken to: its link-layer address is known from the question before. For any other
    /// address of the subnet the node would ask first, by ARP as the foreign source, and nobody counts that.
    private String foreignSource() throws IOException {
        SiteNode node = site.nodes().firstEntry().getValue();
        Namespace namespace = node.vpcNode().namespace();
        InetAddress own = EchoServer.ask(namespace, LocalVpc.INTERNET_SERVER, LOST_AFTER);
        long before = spoofed(node);
        namespace.ip("addr add " + FOREIGN.getHostAddress() + "/32 dev lo\n");
        try {
            InetAddress _ = EchoServer.askAs(namespace, FOREIGN, router(node), LOST_AFTER);
            throw new IOException("a packet from " + FOREIGN.getHostAddress() + " was answered");
        } catch (SocketTimeoutException _) {
            long counted = spoofed(node) - before;
            Checks.require(counted > 0, "lost, but not counted");
            return Count.of(counted, "packet") + " from " + FOREIGN.getHostAddress() + " counted; from "
                    + own.getHostAddress() + " it is heard";
        } finally {
            namespace.ip("addr del " + FOREIGN.getHostAddress() + "/32 dev lo\n");
        }
    }

    private InetAddress router(SiteNode node) throws IOException {
        World world = site.infrastructure().world();
        String subnetId = world.nodes().stream()
                .filter(launched -> launched.name().equals(node.name()))
                .map(World.LaunchedNode::subnetId)
                .findFirst()
                .orElseThrow(() -> new IOException("no instance was launched for " + node.name()));
        return world.subnets().stream()
                .filter(subnet -> subnet.id().equals(subnetId))
                .map(LabSubnet::routerAddress)
                .findFirst()
                .orElseThrow(() -> new IOException("no subnet " + subnetId));
    }

    private String podToMetadata() throws IOException {
        SitePod pod = site.pods().getFirst();
        String told;
        try {
            told = Metadata.get(pod.sandbox().namespace(), "instance-id", LOST_AFTER);
        } catch (SocketTimeoutException _) {
            return "no answer to " + pod.name();
        }
        throw new IOException(pod.name() + " is told '" + told + "'");
    }

    private static void requireLost(Namespace from, String who, InetAddress to) throws IOException {
        try {
            InetAddress _ = EchoServer.ask(from, to, LOST_AFTER);
        } catch (SocketTimeoutException _) {
            return;
        }
        throw new IOException(who + " was answered by " + to.getHostAddress());
    }

    /// Packets with a foreign source that came out of the node's ENIs.
    private long spoofed(SiteNode node) throws IOException {
        DropCounts drops = site.infrastructure().vpc().drops();
        return site.infrastructure().enisOf(node.vpcNode()).keySet().stream()
                .mapToLong(eniId -> drops.spoofed().getOrDefault(eniId, 0L))
                .sum();
    }
}
