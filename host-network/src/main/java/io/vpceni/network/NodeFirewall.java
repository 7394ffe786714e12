package io.vpceni.network;

import io.vpceni.config.NetworkSettings;
import io.vpceni.netlink.NetlinkFailure;
import io.vpceni.netlink.NetlinkSocket;
import io.vpceni.netlink.Nftables;
import io.vpceni.network.drift.DesiredEni;
import io.vpceni.network.firewall.Firewalls;
import io.vpceni.network.firewall.ForwardDrop;
import java.util.List;
import java.util.Optional;

/// What the node's own firewall does to pods' packets. Read again only when something may have changed. For the
/// thread that owns the nftables context.
final class NodeFirewall {

    private final NetworkSettings settings;
    private final SetUpEnis enis;
    private Optional<State> seen = Optional.empty();
    private List<ForwardDrop> drops = List.of();

    /// The inputs of the answer.
    ///
    /// @param generation of nftables' rule set
    /// @param legacy whether there are legacy tables, whose changes the kernel does not count
    private record State(int generation, boolean legacy, Firewalls.Surroundings node) {}

    NodeFirewall(NetworkSettings settings, SetUpEnis enis) {
        this.settings = settings;
        this.enis = enis;
    }

    /// @return nothing before the primary ENI is set up
    List<ForwardDrop> look(Nftables nft) throws NetlinkFailure {
        Optional<DesiredEni> primary =
                enis.all().stream().filter(DesiredEni::isPrimary).findFirst();
        if (primary.isEmpty()) {
            return List.of();
        }
        State now = new State(
                nft.generation(),
                Firewalls.hasLegacyFilter(),
                new Firewalls.Surroundings(settings.vethPrefix(), primary.get().link()));
        if (now.legacy() || !seen.equals(Optional.of(now))) {
            try (NetlinkSocket netfilter = NetlinkSocket.openNetfilter()) {
                drops = Firewalls.find(netfilter, now.node());
            }
            seen = Optional.of(now);
        }
        return drops;
    }
}
