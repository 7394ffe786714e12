package io.vpceni.netlink;

import io.vpceni.config.MacAddress;
import java.net.InetAddress;

/// Requests for neighbour entries.
public final class Neighbours {

    static final int RTM_NEWNEIGH = 28;

    // linux/neighbour.h
    private static final int NDA_DST = 1;
    private static final int NDA_LLADDR = 2;
    private static final int NUD_PERMANENT = 0x80;

    private Neighbours() {}

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
