package io.vpceni.netlink;

import io.vpceni.netlink.Links.Ipv4Setting;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumMap;
import java.util.Map;

/// A link and the properties that can change while it exists.
///
/// @param carrier whether the other end or the cable is connected (`IFF_LOWER_UP`); false while the link is down
/// @param settings the IPv4 settings that are known by name; none for a link that IPv4 cannot use
public record LinkState(Link link, boolean carrier, Map<Ipv4Setting, Integer> settings) {

    public LinkState {
        settings = Map.copyOf(settings);
    }

    /// Reads the body of RTM_NEWLINK. The settings are `IFLA_AF_SPEC { AF_INET { IFLA_INET_CONF } }`: a `__u32` for
    /// each of `IPV4_DEVCONF_*`, of which the first has number 1 (`linux/ip.h`).
    static LinkState decode(ByteBuffer in) {
        int flags = IfInfoMsg.decode(in.duplicate().order(in.order())).flags();
        Map<Ipv4Setting, Integer> settings = new EnumMap<>(Ipv4Setting.class);
        Attributes.decode(in.duplicate().order(in.order()).position(in.position() + IfInfoMsg.BYTES))
                .nested(Links.IFLA_AF_SPEC)
                .flatMap(families -> families.nested(Links.AF_INET))
                .flatMap(inet -> inet.bytes(Links.IFLA_INET_CONF))
                .ifPresent(values -> {
                    ByteBuffer numbered = ByteBuffer.wrap(values).order(ByteOrder.nativeOrder());
                    for (Ipv4Setting setting : Ipv4Setting.values()) {
                        int at = (setting.number() - 1) * Integer.BYTES;
                        if (at + Integer.BYTES <= values.length) {
                            settings.put(setting, numbered.getInt(at));
                        }
                    }
                });
        return new LinkState(Link.decode(in), (flags & IfInfoMsg.IFF_LOWER_UP) != 0, settings);
    }
}
