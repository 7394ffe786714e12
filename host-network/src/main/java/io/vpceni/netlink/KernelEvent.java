package io.vpceni.netlink;

import io.vpceni.netlink.Links.Ipv4Setting;
import java.util.Map;

/// Something changed in a network namespace.
public sealed interface KernelEvent {

    /// Port id of the netlink socket whose request it was; 0: nobody's, or older kernels do not tell (links before
    /// Linux 6.2).
    int port();

    /// RTM_NEWLINK: a link came or changed.
    record LinkIs(int port, LinkState state) implements KernelEvent {}

    /// RTM_DELLINK.
    record LinkGone(int port, int index) implements KernelEvent {}

    /// RTM_NEWADDR and RTM_DELADDR, RTM_NEWROUTE and RTM_DELROUTE, RTM_NEWRULE and RTM_DELRULE: of IPv4.
    record Changed(int port, What what) implements KernelEvent {}

    /// RTM_NEWNETCONF: settings of IPv4 have these values; a new link tells all of them.
    ///
    /// @param index of the link; -1: of all links (`NETCONFA_IFINDEX_ALL`)
    /// @param settings those that are known by name
    record SettingsAre(int port, int index, Map<Ipv4Setting, Integer> settings) implements KernelEvent {

        public SettingsAre {
            settings = Map.copyOf(settings);
        }
    }

    /// NFT_MSG_NEWGEN: a transaction of nftables is in force.
    ///
    /// @param port of a netfilter socket, which has nothing to do with the port ids of route sockets
    /// @param threadId of the thread that made it, as the outermost process id namespace has it
    record NftGeneration(int port, int threadId) implements KernelEvent {}

    /// There were more events than there was room for (ENOBUFS): anything may have changed.
    record Lost() implements KernelEvent {
        @Override
        public int port() {
            return 0;
        }
    }

    /// What came or went.
    enum What {
        ADDRESS,
        ROUTE,
        RULE
    }
}
