package io.vpceni.netlink;

import io.vpceni.netlink.Links.Ipv4Setting;
import java.util.Map;

/// Something changed in a network namespace.
public sealed interface KernelEvent {

    /// Port id of the netlink socket whose request caused the change. 0: no socket, or the kernel does not
    /// tell (for links before Linux 6.2).
    int port();

    /// RTM_NEWLINK: a link was created or changed.
    record LinkIs(int port, LinkState state) implements KernelEvent {}

    /// RTM_DELLINK.
    record LinkGone(int port, int index) implements KernelEvent {}

    /// RTM_NEWADDR and RTM_DELADDR, RTM_NEWROUTE and RTM_DELROUTE, RTM_NEWRULE and RTM_DELRULE, for IPv4.
    record Changed(int port, What what) implements KernelEvent {}

    /// RTM_NEWNETCONF: IPv4 settings have these values. A new link reports all of them.
    ///
    /// @param index of the link; -1: of all links (`NETCONFA_IFINDEX_ALL`)
    /// @param settings those that are known by name
    record SettingsAre(int port, int index, Map<Ipv4Setting, Integer> settings) implements KernelEvent {

        public SettingsAre {
            settings = Map.copyOf(settings);
        }
    }

    /// NFT_MSG_NEWGEN: an nftables transaction has taken effect.
    ///
    /// @param port of a netfilter socket; unrelated to the port ids of route sockets
    /// @param threadId of the thread that made the transaction, in the outermost process id namespace
    record NftGeneration(int port, int threadId) implements KernelEvent {}

    /// More events occurred than the buffer could hold (ENOBUFS): anything may have changed.
    record Lost() implements KernelEvent {
        @Override
        public int port() {
            return 0;
        }
    }

    /// The kind of object that was added or removed.
    enum What {
        ADDRESS,
        ROUTE,
        RULE
    }
}
