package io.vpceni.netlink;

import io.vpceni.config.Cidr;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Optional;

/// A unicast route over one link.
///
/// @param destination `0.0.0.0/0` for the default route
/// @param via gateways, none or one
/// @param linkIndex 0 in an answer: the route has several links or none
/// @param table 254 is main
/// @param scope [#SCOPE_GLOBAL] with a gateway, [#SCOPE_LINK] without
public record Route(Cidr destination, Optional<InetAddress> via, int linkIndex, int table, int scope) {

    /// `RT_TABLE_MAIN`, `linux/rtnetlink.h`.
    public static final int TABLE_MAIN = 254;

    public static final int SCOPE_GLOBAL = 0;
    public static final int SCOPE_LINK = 253;

    static final int RTA_DST = 1;
    static final int RTA_OIF = 4;
    static final int RTA_GATEWAY = 5;
    static final int RTA_TABLE = 15;

    /// `ip route ... <destination> dev <link> scope link table <table>`.
    public static Route onLink(Cidr destination, int linkIndex, int table) {
        return new Route(destination, Optional.empty(), linkIndex, table, SCOPE_LINK);
    }

    /// `ip route ... default via <gateway> dev <link> table <table>`.
    public static Route defaultVia(InetAddress gateway, int linkIndex, int table) {
        return new Route(Cidr.containing(gateway, 0), Optional.of(gateway), linkIndex, table, SCOPE_GLOBAL);
    }

    static Route decode(ByteBuffer in) {
        RtMsg header = RtMsg.decode(in);
        Attributes attributes = Attributes.decode(in);
        byte[] any = new byte[header.family() == 2 ? 4 : 16];
        return new Route(
                new Cidr(Address.inet(attributes.bytes(RTA_DST).orElse(any)), header.destinationBits()),
                attributes.bytes(RTA_GATEWAY).map(Address::inet),
                attributes.integer(RTA_OIF, 0),
                attributes.integer(RTA_TABLE, header.table()),
                header.scope());
    }

    @Override
    public String toString() {
        return destination
                + via.map(gateway -> " via " + gateway.getHostAddress()).orElse("") + " dev " + linkIndex + " table "
                + table;
    }
}
