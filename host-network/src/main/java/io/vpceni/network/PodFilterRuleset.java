package io.vpceni.network;

import io.vpceni.netlink.SetElements.Family;
import io.vpceni.netlink.SetElements.SetName;
import io.vpceni.netlink.SetElements.TableName;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The tables `ip`, `ip6` and `arp` with the name `vpc-eni-pods`, as one transaction that replaces them
/// (`nft(8)`).
///
/// All packets that arrive over a pod's link pass them first, before connection tracking and translation. A pod's
/// link is recognized by its group, which it has from its creation on: a link that no element names sends nothing.
/// Links that the AWS VPC CNI made are named by index. Drops are counted by link and reason. Counting and dropping
/// are two rules, because a rule ends without dropping when its set is full.
///
/// The hook is prerouting, not ingress: a redirect to an ifb, as bandwidth plugins configure it, skips ingress.
final class PodFilterRuleset {

    static final String TABLE = "vpc-eni-pods";

    static final SetName SOURCES = new SetName(table(Family.IP), "sources");
    static final SetName ANY_SOURCE = new SetName(table(Family.IP), "any-source");
    static final SetName ARP_SOURCES = new SetName(table(Family.ARP), "sources");
    static final SetName ARP_ANY_SOURCE = new SetName(table(Family.ARP), "any-source");

    /// One set in each table.
    static final List<SetName> ADOPTED = Stream.of(Family.IP, Family.IP6, Family.ARP)
            .map(family -> new SetName(table(family), "adopted"))
            .toList();

    /// Elements of each set that counts: more than links of pods. Beyond it drops are not counted.
    private static final int COUNTED_LINKS_MAX = 8192;

    private static final String RAW = "hook prerouting priority -300";
    private static final String ARP_INPUT = "hook input priority 0"; // arp tables have no other hook for what comes in

    /// The kernel believes any such message about the node's packets, and then also limits packets that it
    /// forwards to that destination. A pod that is no router has no reason to send one to the node.
    private static final String PATH_MTU = "icmp type destination-unreachable icmp code frag-needed";

    private static final String PATH_MTU6 = "icmpv6 type packet-too-big fib daddr type local goto drop-router";

    private final Collection<PodFilter.Sender> senders;
    private final StringBuilder text = new StringBuilder();

    private PodFilterRuleset(Collection<PodFilter.Sender> senders) {
        this.senders = senders;
    }

    static TableName table(Family family) {
        return new TableName(family, TABLE);
    }

    /// @param senders sorted by link
    static String replacement(Collection<PodFilter.Sender> senders, Ipv6Pods ipv6) {
        PodFilterRuleset ruleset = new PodFilterRuleset(senders);
        ruleset.ip();
        ruleset.ip6(ipv6);
        ruleset.arp();
        return ruleset.text.toString();
    }

    /// Whether pods have IPv6 addresses. The tables support both; wiring assigns no IPv6 addresses yet.
    enum Ipv6Pods {
        NONE,
        SERVED
    }

    private void ip() {
        begin("ip", List.of(PodDrop.SOURCE, PodDrop.ROUTER, PodDrop.NODE));
        senders();
        fromPod(
                RAW,
                "icmp type redirect goto drop-router",
                PATH_MTU + " iif != @any-source fib daddr type local goto drop-router",
                "ip daddr 127.0.0.0/8 goto drop-node", // kube-proxy sets route_localnet
                "ip daddr " + WiredPod.GATEWAY.getHostAddress() + " goto drop-node",
                "iif . ip saddr @sources accept",
                "iif @any-source accept",
                "goto drop-source");
    }

    /// Which link may send with which IPv4 address.
    private void senders() {
        elements(
                "sources",
                "iface_index . ipv4_addr",
                sender -> sender.checked()
                        ? sender.linkIndex() + " . " + sender.address().getHostAddress()
                        : "");
        elements("any-source", "iface_index", sender -> sender.checked() ? "" : "" + sender.linkIndex());
    }

    private void ip6(Ipv6Pods pods) {
        String routers = "icmpv6 type { nd-router-advert, nd-redirect } goto drop-router";
        switch (pods) {
            case NONE -> {
                begin("ip6", List.of(PodDrop.ROUTER, PodDrop.IPV6));
                fromPod(RAW, routers, "goto drop-ipv6");
            }
            case SERVED -> {
                begin("ip6", List.of(PodDrop.SOURCE, PodDrop.ROUTER, PodDrop.NODE));
                elements("sources", "iface_index . ipv6_addr", _ -> "");
                fromPod(
                        RAW,
                        routers,
                        PATH_MTU6,
                        "icmpv6 type { nd-router-solicit, nd-neighbor-solicit, nd-neighbor-advert, mld-listener-report,"
                                + " mld-listener-done, mld2-listener-report } accept",
                        "ip6 daddr { fe80::/10, ff00::/8 } goto drop-node",
                        "iif . ip6 saddr @sources accept",
                        "goto drop-source");
            }
        }
    }

    /// A pod may announce only its own address; otherwise it could also fill the node's neighbour table.
    private void arp() {
        begin("arp", List.of(PodDrop.ARP));
        senders();
        fromPod(ARP_INPUT, "iif . arp saddr ip @sources accept", "iif @any-source accept", "goto drop-arp");
    }

    /// The transaction that creates the new table deletes the old one.
    private void begin(String family, List<PodDrop> drops) {
        String name = family + " " + TABLE;
        text.append("add table ")
                .append(name)
                .append("\ndelete table ")
                .append(name)
                .append('\n');
        text.append("table ").append(name).append(" {\n");
        for (PodDrop drop : drops) {
            text.append(
                    "  set " + drop.set() + " { type iface_index; size " + COUNTED_LINKS_MAX + "; flags dynamic; }\n");
            text.append("  chain " + drop.chain() + " {\n    add @" + drop.set() + " { iif counter }\n    drop\n  }\n");
        }
        elements("adopted", "iface_index", sender -> sender.adopted() ? "" + sender.linkIndex() : "");
    }

    /// @param element empty: the sender has none in this set
    private void elements(String set, String type, Function<PodFilter.Sender, String> element) {
        text.append("  set ").append(set).append(" {\n    type ").append(type).append('\n');
        String elements =
                senders.stream().map(element).filter(each -> !each.isEmpty()).collect(Collectors.joining(", "));
        if (!elements.isEmpty()) {
            text.append("    elements = { ").append(elements).append(" }\n");
        }
        text.append("  }\n");
    }

    private void fromPod(String hook, String... rules) {
        text.append("  chain from-pod {\n");
        for (String rule : rules) {
            text.append("    ").append(rule).append('\n');
        }
        text.append("  }\n  chain links {\n    type filter ").append(hook).append("; policy accept;\n");
        String groups = LinkGroups.ALL.stream().map(String::valueOf).collect(Collectors.joining(", "));
        text.append("    meta iifgroup { ").append(groups).append(" } goto from-pod\n");
        text.append("    iif @adopted goto from-pod\n  }\n}\n");
    }
}
