package io.vpceni.netlink;

import io.vpceni.config.MacAddress;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Optional;

/// An entry of a neighbour table.
///
/// @param linkIndex kernel interface index
/// @param mac empty: not resolved
/// @param permanent whether it was set by hand (`nud permanent`): the kernel never asks for it
public record Neighbour(InetAddress address, int linkIndex, Optional<MacAddress> mac, boolean permanent) {

    private static final int MAC_BYTES = 6;

    /// `struct ndmsg`, see [Neighbours].
    static Neighbour decode(ByteBuffer in) {
        in.getInt(); // family and padding
        int link = in.getInt();
        int state = Short.toUnsignedInt(in.getShort());
        in.getShort(); // flags and type
        Attributes attributes = Attributes.decode(in);
        return new Neighbour(
                Address.inet(attributes
                        .bytes(Neighbours.NDA_DST)
                        .orElseThrow(() -> new IllegalArgumentException("RTM_NEWNEIGH without an address"))),
                link,
                attributes
                        .bytes(Neighbours.NDA_LLADDR)
                        .filter(bytes -> bytes.length == MAC_BYTES)
                        .map(MacAddress::of),
                (state & Neighbours.NUD_PERMANENT) != 0);
    }
}
