package io.vpceni.netlink;

import java.nio.ByteBuffer;

/// `struct ifaddrmsg`, the body of RTM_NEWADDR, RTM_DELADDR and RTM_GETADDR.
///
/// // include/uapi/linux/if_addr.h
/// __u8 ifa_family; __u8 ifa_prefixlen; __u8 ifa_flags; __u8 ifa_scope; __u32 ifa_index;  -> 8 bytes
record IfAddrMsg(int family, int prefixBits, int flags, int scope, int linkIndex) {

    void encode(ByteBuffer out) {
        out.put((byte) family).put((byte) prefixBits).put((byte) flags).put((byte) scope);
        out.putInt(linkIndex);
    }

    static IfAddrMsg decode(ByteBuffer in) {
        return new IfAddrMsg(
                Byte.toUnsignedInt(in.get()),
                Byte.toUnsignedInt(in.get()),
                Byte.toUnsignedInt(in.get()),
                Byte.toUnsignedInt(in.get()),
                in.getInt());
    }
}
