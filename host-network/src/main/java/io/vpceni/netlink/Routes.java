package io.vpceni.netlink;

import java.net.InetAddress;
import java.nio.ByteBuffer;

/// Requests for routes.
public final class Routes {

    static final int RTM_NEWROUTE = 24;
    static final int RTM_DELROUTE = 25;

    /// `RTPROT_BOOT`: `ip route add` writes it, and `ip route` shows no protocol for it.
    private static final int RTPROT_BOOT = 3;

    private static final int RTN_UNICAST = 1;
    private static final int SCOPE_NOWHERE = 255;

    /// `linux/rtnetlink.h`, for `rtm_flags`, the last field of `struct rtmsg`.
    private static final int RTM_F_FIB_MATCH = 0x2000;

    private Routes() {}

    /// Equivalent to: `ip route replace <route>`. Replaces the first route to the destination, whatever link
    /// it uses.
    public static NetlinkRequest replace(Route route) {
        return add(route, NetlinkRequest.NLM_F_REPLACE);
    }

    /// Equivalent to: `ip route append <route>`. Adds it after all routes to the destination. EEXIST: the
    /// route exists.
    public static NetlinkRequest append(Route route) {
        return add(route, NetlinkRequest.NLM_F_APPEND);
    }

    /// Equivalent to: `ip route prepend <route>`. Adds it before all routes to the destination. EEXIST: the
    /// route exists, at any position.
    public static NetlinkRequest prepend(Route route) {
        return add(route, 0);
    }

    private static NetlinkRequest add(Route route, int where) {
        return NetlinkRequest.of(
                RTM_NEWROUTE,
                "RTM_NEWROUTE",
                NetlinkRequest.NLM_F_CREATE | where,
                route.toString(),
                out -> encode(out, route, RTPROT_BOOT, route.scope(), RTN_UNICAST));
    }

    /// Equivalent to: `ip route del <route>`. ESRCH: there is no such route.
    public static NetlinkRequest delete(Route route) {
        return NetlinkRequest.of(
                RTM_DELROUTE, "RTM_DELROUTE", 0, route.toString(), out -> encode(out, route, 0, SCOPE_NOWHERE, 0));
    }

    /// Equivalent to: `ip route get fibmatch <destination>`. Looks up by the rules, and returns the route
    /// itself, with its own block and table. ENETUNREACH: there is no route.
    public static NetlinkRequest match(InetAddress destination) {
        return NetlinkRequest.of(26, "RTM_GETROUTE", 0, "matching " + destination.getHostAddress(), out -> {
            new RtMsg(Address.family(destination), destination.getAddress().length * Byte.SIZE, 0, 0, 0, 0).encode(out);
            out.putInt(out.position() - Integer.BYTES, RTM_F_FIB_MATCH);
            Attributes.put(out, Route.RTA_DST, destination.getAddress());
        });
    }

    /// Equivalent to: `ip -4 route show table all`.
    public static NetlinkRequest list() {
        return NetlinkRequest.of(
                26,
                "RTM_GETROUTE",
                NetlinkRequest.NLM_F_DUMP,
                "all IPv4 routes",
                out -> new RtMsg(2, 0, 0, 0, 0, 0).encode(out));
    }

    private static void encode(ByteBuffer out, Route route, int protocol, int scope, int type) {
        new RtMsg(
                        Address.family(route.destination().network()),
                        route.destination().prefixBits(),
                        route.table() < 256 ? route.table() : 0,
                        protocol,
                        scope,
                        type)
                .encode(out);
        if (route.destination().prefixBits() > 0) {
            Attributes.put(out, Route.RTA_DST, route.destination().network().getAddress());
        }
        route.via().ifPresent(gateway -> Attributes.put(out, Route.RTA_GATEWAY, gateway.getAddress()));
        if (route.table() >= 256) {
            Attributes.putInt(out, Route.RTA_TABLE, route.table());
        }
        Attributes.putInt(out, Route.RTA_OIF, route.linkIndex());
    }
}
