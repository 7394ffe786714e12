package io.vpceni.lab.demo;

import io.vpceni.config.Count;
import io.vpceni.lab.backend.FabricEni;
import io.vpceni.lab.site.Site;
import io.vpceni.lab.site.SiteNode;
import io.vpceni.lab.site.SitePod;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Checks of the state that EC2 must have of the nodes.
final class Ec2Checks {
    private final Site site;
    private final NodeCapacity room;
    private final int podsPerNode;

    Ec2Checks(Site site, NodeCapacity room, int podsPerNode) {
        this.site = site;
        this.room = room;
        this.podsPerNode = podsPerNode;
    }

    void run(Checks checks) {
        checks.check("no node has more ENIs, no ENI more addresses than allowed", this::withinLimits);
        checks.check("pods are on as many ENIs as they need at least", this::onEnoughEnis);
        if (room.prefixes()) {
            checks.check("each pod's address is one of a /28 of its ENI", this::inPrefixes);
        }
    }

    private String withinLimits() throws IOException {
        List<String> seen = new ArrayList<>();
        for (SiteNode node : site.nodes().values()) {
            Collection<FabricEni> enis =
                    site.infrastructure().enisOf(node.vpcNode()).values();
            Checks.require(
                    enis.size() <= room.limits().enis(),
                    node.name() + " has " + enis.size() + " ENIs of at most "
                            + room.limits().enis());
            for (FabricEni eni : enis) {
                int addresses = eni.addresses().size();
                Checks.require(
                        addresses <= 1 + room.podsPerEni(),
                        eni.eniId() + " has " + addresses + " addresses of at most " + (1 + room.podsPerEni()));
            }
            seen.add(Integer.toString(enis.size()));
        }
        return String.join(", ", seen) + " of at most " + room.limits().enis() + " ENIs";
    }

    private String onEnoughEnis() throws IOException {
        int needed = room.enisFor(podsPerNode);
        for (SiteNode node : site.nodes().values()) {
            long used = site.pods().stream()
                    .filter(pod -> pod.node().equals(node))
                    .map(SitePod::eniId)
                    .distinct()
                    .count();
            Checks.require(
                    used >= needed, "the pods of " + node.name() + " are on " + used + " ENIs, and need " + needed);
        }
        return Count.of(podsPerNode, "pod") + " on each node, " + room.podsPerEni() + " fit on an ENI";
    }

    /// EC2 routes a prefix whole: all sixteen addresses lead to the ENI.
    private String inPrefixes() throws IOException {
        SortedMap<String, Long> blocks = new TreeMap<>();
        for (SitePod pod : site.pods()) {
            FabricEni eni = Optional.ofNullable(
                            site.infrastructure().enisOf(pod.node().vpcNode()).get(pod.eniId()))
                    .orElseThrow(() -> new IOException(pod.eniId() + " of " + pod.name() + " is not attached"));
            String block = block(pod.address());
            Map<String, Long> whole = eni.addresses().stream()
                    .skip(1)
                    .collect(Collectors.groupingBy(Ec2Checks::block, Collectors.counting()));
            Checks.require(
                    whole.getOrDefault(block, 0L) == NodeCapacity.PREFIX_ADDRESSES,
                    pod.name() + " has " + pod.address().getHostAddress() + ", and " + block + " is not the ENI's");
            blocks.merge(block, 1L, Long::sum);
        }
        return Count.of(site.pods().size(), "pod") + " in " + Count.of(blocks.size(), "prefix", "prefixes");
    }

    private static String block(InetAddress address) {
        byte[] bytes = address.getAddress();
        int last = bytes[3] & 0xf0;
        return (bytes[0] & 0xff) + "." + (bytes[1] & 0xff) + "." + (bytes[2] & 0xff) + "." + last + "/28";
    }
}
