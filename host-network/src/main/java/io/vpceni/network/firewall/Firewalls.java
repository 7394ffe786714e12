package io.vpceni.network.firewall;

import io.vpceni.netlink.ForwardChain;
import io.vpceni.netlink.LegacyTables;
import io.vpceni.netlink.NetlinkFailure;
import io.vpceni.netlink.NetlinkSocket;
import io.vpceni.netlink.NftDump;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Searches for chains at the hook `forward` that drop packets of pods. An accept rule in another chain, for
/// example in one of ours, does not help: a packet must pass every such chain. Reads only.
public final class Firewalls {

    /// The part of a host link's name after the prefix, of no pod.
    private static final String NO_POD = "0123456789a";

    private Firewalls() {}

    /// Properties of the node that the sample packets depend on.
    ///
    /// @param vethPrefix first characters of the names of pods' host links
    /// @param primaryLink name of the primary ENI's link
    public record Surroundings(String vethPrefix, String primaryLink) {}

    /// @param netfilter of [NetlinkSocket#openNetfilter], in the node's namespace, in which the calling thread
    ///     must be too
    public static List<ForwardDrop> find(NetlinkSocket netfilter, Surroundings node) throws NetlinkFailure {
        List<ForwardChain> chains = new ArrayList<>(NftDump.forwarding(netfilter));
        if (hasLegacyFilter()) {
            chains.add(LegacyTables.forward());
        }
        List<ForwardDrop> drops = new ArrayList<>();
        for (ForwardChain chain : chains) {
            judge(new CachedChain(chain), node).ifPresent(drops::add);
        }
        return drops;
    }

    static Optional<ForwardDrop> judge(ForwardChain chain, Surroundings node) throws NetlinkFailure {
        String pod = node.vethPrefix() + NO_POD;
        ChainEvaluation.Outcome from = ChainEvaluation.of(chain, new SamplePacket(pod, node.primaryLink()));
        ChainEvaluation.Outcome to = ChainEvaluation.of(chain, new SamplePacket(node.primaryLink(), pod));
        if (from.fate() == ForwardDrop.Fate.PASSES && to.fate() == ForwardDrop.Fate.PASSES) {
            return Optional.empty();
        }
        boolean byPolicy = from.byPolicy() || to.byPolicy();
        return Optional.of(new ForwardDrop(
                chain.name(), byPolicy, from.fate(), to.fate(), FirewallRemedy.of(chain, byPolicy, node)));
    }

    /// Asking the kernel for a table creates it, so this is checked first.
    public static boolean hasLegacyFilter() {
        try {
            return Files.readAllLines(Path.of("/proc/thread-self/net/ip_tables_names"))
                    .contains(LegacyTables.FILTER);
        } catch (IOException _) {
            return false; // a kernel without the legacy back end
        }
    }
}
