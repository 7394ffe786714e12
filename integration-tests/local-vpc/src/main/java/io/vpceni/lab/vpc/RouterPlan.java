package io.vpceni.lab.vpc;

import io.vpceni.config.Cidr;
import io.vpceni.lab.world.LabSubnet;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The router's configuration, as text for `nft` and `ip -batch`. IPv4 only so far.
final class RouterPlan {
    static final String IMDS_ADDRESS = "169.254.169.254";

    /// The VPC's resolver and clock at link-local addresses.
    static final List<String> SERVICE_ADDRESSES = List.of("169.254.169.253", "169.254.169.123");

    static final String INTERNET_LINK = "internet";
    private static final int MTU = 9001; // a jumbo frame, as within a VPC

    private RouterPlan() {}

    /// The rules. They never change; the sets and maps that they use do, see [#contents].
    static String rules() {
        return """
                table inet vpc {
                  set eni_links { type ifname; }
                  set owned { type ifname . ipv4_addr; }
                  set assigned { type ipv4_addr; }
                  set primary { type ipv4_addr; }
                  set vpc_cidrs { type ipv4_addr; flags interval; }
                  map passed { type ifname : counter; }
                  map spoofed { type ifname : counter; }
                  map imds { type ifname : ipv4_addr . inet_service; }
                  counter not_unicast { }
                  counter unknown_destination { }
                  counter unmapped_source { }
                  chain from_link {
                    type filter hook prerouting priority raw; policy accept;
                    iifname @eni_links jump from_eni
                  }
                  chain from_eni {
                    meta nfproto ipv6 drop
                    iifname . ip saddr != @owned counter name iifname map @spoofed drop
                    fib daddr type { broadcast, multicast } counter name not_unicast drop
                    ip daddr @vpc_cidrs ip daddr != @assigned counter name unknown_destination drop
                    counter name iifname map @passed
                  }
                  chain to_imds {
                    type nat hook prerouting priority dstnat; policy accept;
                    ip daddr 169.254.169.254 tcp dport 80 dnat ip to iifname map @imds
                  }
                  chain to_router {
                    type filter hook input priority filter; policy drop;
                    iifname @eni_links ip daddr 169.254.169.254 ct status dnat accept
                    iifname @eni_links ip daddr 169.254.169.253 udp dport 53 accept
                    iifname @eni_links ip daddr 169.254.169.123 udp dport 123 accept
                  }
                  chain through {
                    type filter hook forward priority filter; policy drop;
                    iifname @eni_links ip daddr @assigned accept
                    iifname @eni_links oifname "internet" ip saddr @primary accept
                    iifname @eni_links oifname "internet" counter name unmapped_source drop
                    iifname "internet" ip daddr @primary accept
                  }
                  chain imds_hops {
                    type filter hook output priority mangle; policy accept;
                  }
                }
                table arp vpc {
                  set owned { type ifname . ipv4_addr; }
                  set answered { type ipv4_addr; }
                  map spoofed { type ifname : counter; }
                  chain asked {
                    type filter hook input priority filter; policy drop;
                    iifname "internet" accept
                    iifname . arp saddr ip != @owned counter name iifname map @spoofed drop
                    arp operation request iifname . arp saddr ip @owned arp daddr ip @answered accept
                  }
                }
                """;
    }

    /// One transaction that replaces the contents of the sets and maps. Counters keep their counts.
    static String contents(
            Collection<FabricLink> links,
            List<Cidr> vpcCidrs,
            Collection<LabSubnet> subnets,
            Collection<VpcNode> nodes) {
        StringBuilder text = new StringBuilder();
        for (FabricLink link : links) {
            text.append("add counter inet vpc ").append(counter("passed", link)).append('\n');
            text.append("add counter inet vpc ")
                    .append(counter("spoofed", link))
                    .append('\n');
            text.append("add counter arp vpc ")
                    .append(counter("arp_spoofed", link))
                    .append('\n');
        }
        List<String> owned = each(
                links,
                link -> link.eni().addresses().stream()
                        .map(address -> quoted(link.routerName()) + " . " + address.getHostAddress()));
        List<String> assigned =
                each(links, link -> link.eni().addresses().stream().map(InetAddress::getHostAddress));
        List<String> answered = new ArrayList<>(assigned);
        answered.add(IMDS_ADDRESS);
        answered.addAll(SERVICE_ADDRESSES);
        subnets.forEach(subnet -> answered.add(subnet.routerAddress().getHostAddress()));
        replace(text, "inet", "set", "eni_links", each(links, link -> Stream.of(quoted(link.routerName()))));
        replace(text, "inet", "set", "owned", owned);
        replace(text, "inet", "set", "assigned", assigned);
        replace(
                text,
                "inet",
                "set",
                "primary",
                each(links, link -> Stream.of(link.primaryAddress().getHostAddress())));
        replace(
                text,
                "inet",
                "set",
                "vpc_cidrs",
                vpcCidrs.stream().map(Cidr::toString).toList());
        replace(text, "inet", "map", "passed", countedBy("passed", links));
        replace(text, "inet", "map", "spoofed", countedBy("spoofed", links));
        replace(
                text,
                "inet",
                "map",
                "imds",
                each(
                        links,
                        link -> Stream.of(quoted(link.routerName()) + " : " + IMDS_ADDRESS + " . "
                                + link.node().imdsPort())));
        replace(text, "arp", "set", "owned", owned);
        replace(text, "arp", "set", "answered", answered);
        replace(text, "arp", "map", "spoofed", countedBy("arp_spoofed", links));
        text.append("flush chain inet vpc imds_hops\n");
        for (VpcNode node : nodes) {
            text.append("add rule inet vpc imds_hops ip saddr 169.254.169.254 tcp sport ")
                    .append(node.imdsPort())
                    .append(" ip ttl set ")
                    .append(node.imdsHopLimit())
                    .append('\n');
        }
        return text.toString();
    }

    /// In the router: creates the link with each end in its namespace, the node's end down.
    static String born(FabricLink link) {
        return "link add " + link.routerName() + " mtu " + MTU + " type veth peer name " + link.nodeName()
                + " mtu " + MTU + " address " + link.eni().macAddress() + " netns "
                + link.node().namespace().name() + "\n"
                + "link set " + link.routerName() + " up\n";
    }

    /// In the router: deletes the routes of addresses to the link.
    static String ledNoMore(FabricLink link, List<InetAddress> gone) {
        StringBuilder batch = new StringBuilder();
        String device = " dev " + link.routerName() + "\n";
        for (InetAddress address : gone) {
            batch.append("route del ").append(host(address)).append(device);
            batch.append("neigh del ").append(address.getHostAddress()).append(device);
        }
        return batch.toString();
    }

    /// In the router: adds the routes of addresses to the link.
    static String led(FabricLink link, List<InetAddress> added) {
        StringBuilder batch = new StringBuilder();
        String device = " dev " + link.routerName() + "\n";
        for (InetAddress address : added) {
            batch.append("route replace ").append(host(address)).append(device);
            batch.append("neigh replace ")
                    .append(address.getHostAddress())
                    .append(" lladdr ")
                    .append(link.eni().macAddress())
                    .append(" nud permanent")
                    .append(device);
        }
        return batch.toString();
    }

    /// In the node: configures the primary ENI as the operating system does at boot.
    static String operatingSystem(FabricLink link) {
        return "addr add " + link.primaryAddress().getHostAddress() + "/"
                + link.subnet().cidr().prefixBits() + " dev " + link.nodeName() + "\n"
                + "link set " + link.nodeName() + " up\n"
                + "route add default via " + link.subnet().routerAddress().getHostAddress() + " dev "
                + link.nodeName() + "\n";
    }

    /// The name of a counter of the link's ENI; it stays when the link is deleted.
    static String counter(String what, FabricLink link) {
        return what + "_" + link.eni().eniId().replace('-', '_');
    }

    private static List<String> countedBy(String what, Collection<FabricLink> links) {
        return each(links, link -> Stream.of(quoted(link.routerName()) + " : " + quoted(counter(what, link))));
    }

    private static List<String> each(Collection<FabricLink> links, Function<FabricLink, Stream<String>> elements) {
        return links.stream().flatMap(elements).toList();
    }

    private static void replace(StringBuilder text, String family, String kind, String name, List<String> elements) {
        text.append("flush " + kind + " " + family + " vpc " + name + "\n");
        if (!elements.isEmpty()) {
            text.append("add element " + family + " vpc " + name + " { ")
                    .append(elements.stream().distinct().collect(Collectors.joining(", ")))
                    .append(" }\n");
        }
    }

    private static String host(InetAddress address) {
        return address.getHostAddress() + "/" + address.getAddress().length * Byte.SIZE;
    }

    private static String quoted(String name) {
        return '"' + name + '"';
    }
}
