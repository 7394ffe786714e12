package io.vpceni.netlink;

import io.vpceni.config.MacAddress;
import java.net.InetAddress;

/// Requests for neighbour entries.
public final class Neighbours {

    static final int RTM_NEWNEIGH = 28;
    private static final int RTM_GETNEIGH = 30;
    private static final int RTM_SETNEIGHTBL = 67;

    // linux/neighbour.h
    static final int NDA_DST = 1;
    static final int NDA_LLADDR = 2;
    static final int NUD_PERMANENT = 0x80;
    private static final int AF_INET = 2;
    private static final int NDTA_NAME = 1;
    private static final int NDTA_PARMS = 6;
    private static final int NDTPA_IFINDEX = 1;
    private static final int NDTPA_PROXY_DELAY = 13;

    private Neighbours() {}

    /// Equivalent to: `ip -4 neigh show nud all`.
    public static NetlinkRequest list() {
        return NetlinkRequest.of(RTM_GETNEIGH, "RTM_GETNEIGH", NetlinkRequest.NLM_F_DUMP, "all IPv4 neighbors", out -> {
            out.put((byte) AF_INET).put((byte) 0).putShort((short) 0);
            out.putInt(0).putShort((short) 0).putShort((short) 0);
        });
    }

    /// A link that answers ARP for others (`proxy_arp`) does it at once, and not after a random time of up to 0.8 s.
    /// Equivalent to: `sysctl net.ipv4.neigh.<link>.proxy_delay=0`.
    ///
    /// // include/uapi/linux/neighbour.h
    /// struct ndtmsg: __u8 ndtm_family, ndtm_pad1; __u16 ndtm_pad2;
    public static NetlinkRequest proxyWithoutDelay(int linkIndex) {
        return NetlinkRequest.of(RTM_SETNEIGHTBL, "RTM_SETNEIGHTBL", 0, "link " + linkIndex + " proxy_delay 0", out -> {
            out.put((byte) AF_INET).put((byte) 0).putShort((short) 0);
            Attributes.putText(out, NDTA_NAME, "arp_cache");
            Attributes.nest(out, NDTA_PARMS, parameters -> {
                Attributes.putInt(parameters, NDTPA_IFINDEX, linkIndex);
                Attributes.put(parameters, NDTPA_PROXY_DELAY, new byte[Long.BYTES]);
            });
        });
    }

    /// Equivalent to: `ip neigh replace <address> lladdr <mac> dev <link> nud permanent`.
    ///
    /// // include/uapi/linux/neighbour.h
    /// struct ndmsg: __u8 ndm_family, pad1; __u16 pad2; __s32 ndm_ifindex;
    /// __u16 ndm_state; __u8 ndm_flags, ndm_type;
    public static NetlinkRequest replacePermanent(InetAddress address, MacAddress mac, int linkIndex) {
        return NetlinkRequest.of(
                RTM_NEWNEIGH,
                "RTM_NEWNEIGH",
                NetlinkRequest.NLM_F_CREATE | NetlinkRequest.NLM_F_REPLACE,
                address.getHostAddress() + " lladdr " + mac + " dev " + linkIndex,
                out -> {
                    out.put((byte) Address.family(address)).put((byte) 0).putShort((short) 0);
                    out.putInt(linkIndex)
                            .putShort((short) NUD_PERMANENT)
                            .put((byte) 0)
                            .put((byte) 0);
                    Attributes.put(out, NDA_DST, address.getAddress());
                    Attributes.put(out, NDA_LLADDR, mac.bytes());
                });
    }
}
