package io.vpceni.netlink;

import io.vpceni.config.MacAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// A link as the kernel describes it.
///
/// @param index 1 or more
/// @param macs its current address, and its permanent one if the driver knows it; none for a link without Ethernet
/// @param kind `veth`, `vlan` and so on; empty for hardware
/// @param peer index of a veth's other end, in the namespace of that end; 0: none or not known
/// @param peerNetns id of the namespace of that end, as the asking namespace numbers it; empty: the same
///     namespace, or there is no other end
/// @param alias empty: none
/// @param group as `ip link set group` sets it; 0: none was set
public record Link(
        int index,
        String name,
        List<MacAddress> macs,
        int mtu,
        boolean up,
        String kind,
        int peer,
        OptionalInt peerNetns,
        String alias,
        int group) {

    public Link {
        macs = List.copyOf(macs);
    }

    /// Reads the body of RTM_NEWLINK: `struct ifinfomsg`, then attributes (`linux/if_link.h`).
    static Link decode(ByteBuffer in) {
        IfInfoMsg header = IfInfoMsg.decode(in);
        Attributes attributes = Attributes.decode(in);
        return new Link(
                header.index(),
                attributes.text(Links.IFLA_IFNAME),
                List.of(Links.IFLA_ADDRESS, Links.IFLA_PERM_ADDRESS).stream()
                        .map(attributes::bytes)
                        .flatMap(Optional::stream)
                        .filter(bytes -> bytes.length == 6)
                        .map(MacAddress::of)
                        .distinct()
                        .toList(),
                attributes.integer(Links.IFLA_MTU, 0),
                (header.flags() & IfInfoMsg.IFF_UP) != 0,
                attributes
                        .nested(Links.IFLA_LINKINFO)
                        .map(linkInfo -> linkInfo.text(Links.IFLA_INFO_KIND))
                        .orElse(""),
                attributes.integer(Links.IFLA_LINK, 0),
                attributes.bytes(Links.IFLA_LINK_NETNSID).isPresent()
                        ? OptionalInt.of(attributes.integer(Links.IFLA_LINK_NETNSID, 0))
                        : OptionalInt.empty(),
                attributes.text(Links.IFLA_IFALIAS),
                attributes.integer(Links.IFLA_GROUP, 0));
    }
}
