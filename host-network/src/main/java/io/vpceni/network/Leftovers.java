package io.vpceni.network;

import io.vpceni.netlink.LegacyTables;
import io.vpceni.netlink.Link;
import io.vpceni.netlink.NetlinkFailure;
import io.vpceni.netlink.NetlinkSocket;
import io.vpceni.netlink.NftDump;
import io.vpceni.netlink.TrafficControl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Searches for objects that other CNI plugins left on the node. Reads only.
///
/// Objects of the AWS VPC CNI are recognized by the exact names of its chains and the exact comments of its rules.
/// Everything else in the same tables belongs to other programs.
final class Leftovers {

    /// The AWS VPC CNI's nftables table, in family `ip`.
    static final String AWS_TABLE = "aws-cni";

    private static final String PORTMAP_TABLE = "cni_hostport";
    private static final String PORTMAP_CHAIN = "CNI-HOSTPORT-DNAT";
    private static final int BRANCH_RULE_PRIORITY = 10;
    private static final List<String> LEGACY_MARKS =
            List.of("AWS-SNAT-CHAIN-", "AWS-CONNMARK-CHAIN-", "AWS, primary ENI", "AWS, CONNMARK");

    /// Comments of the AWS VPC CNI's rules in chains that are not its own.
    private static final Set<String> AWS_COMMENTS =
            Set.of("AWS SNAT CHAIN", "AWS, outbound connections", "AWS, CONNMARK", "AWS, primary ENI");

    /// The AWS VPC CNI's objects in nftables.
    ///
    /// @param rules its rules in chains of others
    /// @param table whether [#AWS_TABLE] exists
    record AwsRules(List<NftDump.Chain> chains, List<NftDump.NftRule> rules, boolean table) {
        boolean isEmpty() {
            return chains.isEmpty() && rules.isEmpty() && !table;
        }
    }

    private Leftovers() {}

    /// @param host in the node's namespace, in which the calling thread must be too
    static List<Leftover> find(NetlinkSocket host, NetlinkSocket netfilter, String vethPrefix) throws NetlinkFailure {
        List<Leftover> found = new ArrayList<>();
        AwsRules aws = awsRules(netfilter);
        if (!aws.isEmpty()) {
            found.add(awsRules(aws));
        }
        legacy().ifPresent(found::add);
        List<Link> links = host.links();
        policyFilters(host, links, vethPrefix).ifPresent(found::add);
        branches(links).ifPresent(found::add);
        hostPorts(netfilter).ifPresent(found::add);
        return found;
    }

    static AwsRules awsRules(NetlinkSocket netfilter) throws NetlinkFailure {
        List<NftDump.Chain> all = NftDump.chains(netfilter, NftDump.Family.IP);
        List<NftDump.NftRule> rules = new ArrayList<>();
        for (NftDump.Chain chain : all) {
            boolean mayHave = (chain.table().equals("nat")
                            && (chain.name().equals("POSTROUTING")
                                    || chain.name().equals("PREROUTING")))
                    || (chain.table().equals("mangle") && chain.name().equals("PREROUTING"));
            if (mayHave) {
                NftDump.rules(netfilter, NftDump.Family.IP, chain).stream()
                        .filter(Leftovers::isAwsRule)
                        .forEach(rules::add);
            }
        }
        return new AwsRules(
                all.stream().filter(Leftovers::isAwsChain).toList(),
                rules,
                NftDump.tables(netfilter, NftDump.Family.IP).contains(AWS_TABLE));
    }

    private static boolean isAwsChain(NftDump.Chain chain) {
        return chain.table().equals("nat") && isAwsChain(chain.name());
    }

    private static boolean isAwsChain(String name) {
        return name.matches("AWS-(SNAT|CONNMARK)-CHAIN-[0-9]+");
    }

    private static boolean isAwsRule(NftDump.NftRule rule) {
        return AWS_COMMENTS.contains(rule.comment()) || rule.jumps().stream().anyMatch(Leftovers::isAwsChain);
    }

    private static Leftover awsRules(AwsRules aws) {
        List<String> what = new ArrayList<>();
        aws.chains().forEach(chain -> what.add("chain ip nat " + chain.name()));
        aws.rules().stream()
                .map(rule -> "rules in chain ip " + rule.chain().table() + " "
                        + rule.chain().name())
                .distinct()
                .forEach(what::add);
        if (aws.table()) {
            what.add("table ip " + AWS_TABLE);
        }
        return new Leftover(
                Leftover.Kind.AWS_RULES,
                "nftables rules of the AWS VPC CNI: " + String.join(", ", what),
                "they translate and mark pods' packets by that plugin's settings, whatever ipamd's are",
                "set VPC_ENI_REMOVE_AWS_RULES=true and restart ipamd, or, once aws-node is gone: " + removal(aws));
    }

    private static String removal(AwsRules aws) {
        List<String> commands = new ArrayList<>();
        if (!aws.chains().isEmpty() || !aws.rules().isEmpty()) {
            commands.add("iptables-nft-save | grep -v AWS | iptables-nft-restore");
        }
        if (aws.table()) {
            commands.add("nft delete table ip " + AWS_TABLE);
        }
        return String.join("; ", commands);
    }

    private static Optional<Leftover> legacy() {
        List<String> having = new ArrayList<>();
        List<String> unread = new ArrayList<>();
        for (String table : legacyTables()) {
            try {
                for (String mark : LEGACY_MARKS) {
                    if (LegacyTables.mentions(table, mark)) {
                        having.add(table);
                        break;
                    }
                }
            } catch (NetlinkFailure e) {
                unread.add(table);
            }
        }
        if (having.isEmpty() && unread.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Leftover(
                Leftover.Kind.AWS_LEGACY_RULES,
                (having.isEmpty() ? "iptables-legacy tables that cannot be read, " + unread + ", and may have" : "")
                        + (having.isEmpty() ? "" : "in the iptables-legacy tables " + having)
                        + " rules of the AWS VPC CNI",
                "they translate and mark pods' packets by that plugin's settings, whatever ipamd's are; "
                        + "ipamd leaves them alone",
                "iptables-legacy-save | grep AWS shows them; iptables-legacy-save | grep -v AWS | "
                        + "iptables-legacy-restore deletes them"));
    }

    /// Existing tables only: asking the kernel for another one would create it.
    private static List<String> legacyTables() {
        try {
            return Files.readAllLines(Path.of("/proc/thread-self/net/ip_tables_names")).stream()
                    .filter(name -> name.equals("nat") || name.equals("mangle"))
                    .toList();
        } catch (IOException _) {
            return List.of(); // a kernel without the legacy back end
        }
    }

    private static Optional<Leftover> policyFilters(NetlinkSocket host, List<Link> links, String vethPrefix)
            throws NetlinkFailure {
        Set<Integer> classified = TrafficControl.qdiscs(host).stream()
                .filter(qdisc -> qdisc.kind().equals("clsact"))
                .map(TrafficControl.Qdisc::linkIndex)
                .collect(Collectors.toSet());
        List<String> filtered = new ArrayList<>();
        for (Link link : links) {
            boolean adopted = link.kind().equals("veth")
                    && link.name().startsWith(vethPrefix)
                    && PodIdentity.parse(link.alias()).isEmpty();
            if (adopted
                    && classified.contains(link.index())
                    && TrafficControl.filterKinds(host, link.index()).contains("bpf")) {
                filtered.add(link.name());
            }
        }
        if (filtered.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Leftover(
                Leftover.Kind.POLICY_FILTERS,
                "bpf filters of a network policy agent on the links " + some(filtered),
                "these pods keep the network policies that were in force when that agent ended",
                "for each of them: tc qdisc del dev " + filtered.getFirst() + " clsact"));
    }

    /// Recognized by their links: a rule with that priority alone may belong to any program.
    private static Optional<Leftover> branches(List<Link> links) {
        List<String> vlans = links.stream()
                .filter(link -> link.name().startsWith("vlan.eth.")
                        || (link.kind().equals("vlan") && link.name().matches("vlan[0-9a-f]{10,11}")))
                .map(Link::name)
                .toList();
        if (vlans.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Leftover(
                Leftover.Kind.BRANCH_ENIS,
                "pods with security groups of their own (branch ENIs): links " + some(vlans)
                        + " and their rules of priority " + BRANCH_RULE_PRIORITY,
                "ipamd serves no branch ENIs: it would not delete these pods' links, rules and tables, and "
                        + "new pods would get the node's security groups instead of their own",
                "kubectl drain this node and replace it; ip link show type vlan; ip rule show priority "
                        + BRANCH_RULE_PRIORITY));
    }

    private static Optional<Leftover> hostPorts(NetlinkSocket netfilter) throws NetlinkFailure {
        List<String> where = new ArrayList<>();
        for (NftDump.Family family : NftDump.Family.values()) {
            if (NftDump.tables(netfilter, family).contains(PORTMAP_TABLE)) {
                where.add("table " + family.word() + " " + PORTMAP_TABLE);
            }
            NftDump.Chain chain = new NftDump.Chain("nat", PORTMAP_CHAIN);
            if (NftDump.chains(netfilter, family).contains(chain)
                    && !NftDump.rules(netfilter, family, chain).isEmpty()) {
                where.add("chain " + family.word() + " nat " + PORTMAP_CHAIN);
            }
        }
        if (where.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Leftover(
                Leftover.Kind.HOST_PORTS,
                "hostPort rules of a portmap plugin: " + String.join(", ", where),
                "ipamd's conflist calls no portmap: new pods get no hostPort, and the rules of deleted "
                        + "pods stay and lead to the next pod with their address",
                "nft list " + where.getFirst()));
    }

    private static String some(List<String> names) {
        int shown = Math.min(5, names.size());
        return String.join(", ", names.subList(0, shown))
                + (names.size() > shown ? " and " + (names.size() - shown) + " more" : "");
    }
}
