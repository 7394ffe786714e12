package io.vpceni.netlink;

import io.vpceni.netlink.Links.Ipv4Setting;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads datagrams of the kernel's multicast groups.
final class EventReader {

    /// `struct nlmsghdr`: `__u32 nlmsg_len; __u16 nlmsg_type; __u16 nlmsg_flags; __u32 nlmsg_seq; __u32 nlmsg_pid;`
    private static final int HEADER_BYTES = 16;

    private static final int AF_INET = 2;
    private static final int RTM_NEWNETCONF = 80;
    private static final int NETCONFA_IFINDEX = 1; // linux/netconf.h

    /// `NETCONFA_FORWARDING`, `NETCONFA_RP_FILTER` and `NETCONFA_PROXY_NEIGH`.
    private static final Map<Integer, Ipv4Setting> NETCONFA =
            Map.of(2, Ipv4Setting.FORWARDING, 3, Ipv4Setting.RP_FILTER, 5, Ipv4Setting.PROXY_ARP);

    private static final int NETCONF_HEADER_BYTES = 4; // struct netconfmsg { __u8 ncm_family; }, padded

    private EventReader() {}

    /// Adds the events of a datagram. A message that cannot be read counts as lost.
    static void read(ByteBuffer datagram, List<KernelEvent> events) {
        datagram.order(ByteOrder.nativeOrder());
        int next = 0;
        while (next + HEADER_BYTES <= datagram.limit()) {
            int length = datagram.getInt(next);
            if (length < HEADER_BYTES || length > datagram.limit() - next) {
                events.add(new KernelEvent.Lost());
                return;
            }
            int type = Short.toUnsignedInt(datagram.getShort(next + 4));
            int port = datagram.getInt(next + 12);
            ByteBuffer body =
                    datagram.slice(next + HEADER_BYTES, length - HEADER_BYTES).order(ByteOrder.nativeOrder());
            try {
                event(type, port, body).ifPresent(events::add);
            } catch (IllegalArgumentException | IndexOutOfBoundsException | BufferUnderflowException _) {
                events.add(new KernelEvent.Lost());
            }
            next += (length + 3) / 4 * 4;
        }
    }

    private static Optional<KernelEvent> event(int type, int port, ByteBuffer body) {
        return switch (type) {
            case Links.RTM_NEWLINK -> Optional.of(new KernelEvent.LinkIs(port, LinkState.decode(body)));
            case Links.RTM_DELLINK ->
                Optional.of(
                        new KernelEvent.LinkGone(port, IfInfoMsg.decode(body).index()));
            case Addresses.RTM_NEWADDR, Addresses.RTM_DELADDR -> changed(port, body, KernelEvent.What.ADDRESS);
            case Routes.RTM_NEWROUTE, Routes.RTM_DELROUTE -> changed(port, body, KernelEvent.What.ROUTE);
            case Rules.RTM_NEWRULE, Rules.RTM_DELRULE -> changed(port, body, KernelEvent.What.RULE);
            case RTM_NEWNETCONF -> {
                Attributes attributes = Attributes.decode(body.position(NETCONF_HEADER_BYTES));
                yield Optional.of(new KernelEvent.SettingsAre(
                        port, attributes.integer(NETCONFA_IFINDEX, -1), settings(attributes)));
            }
            case RuleSetGeneration.NFT_MSG_NEWGEN ->
                Optional.of(new KernelEvent.NftGeneration(
                        port, RuleSetGeneration.decode(body).threadId()));
            default -> Optional.empty();
        };
    }

    private static Map<Ipv4Setting, Integer> settings(Attributes attributes) {
        Map<Ipv4Setting, Integer> settings = new EnumMap<>(Ipv4Setting.class);
        NETCONFA.forEach((number, setting) -> attributes
                .bytes(number)
                .filter(value -> value.length == Integer.BYTES)
                .ifPresent(_ -> settings.put(setting, attributes.integer(number, 0))));
        if (settings.size() > 1) {
            settings.remove(Ipv4Setting.PROXY_ARP); // all settings of a new link, from before it was wired
        }
        return settings;
    }

    /// Each of these bodies begins with its address family.
    private static Optional<KernelEvent> changed(int port, ByteBuffer body, KernelEvent.What what) {
        return Byte.toUnsignedInt(body.get(0)) == AF_INET
                ? Optional.of(new KernelEvent.Changed(port, what))
                : Optional.empty();
    }
}
