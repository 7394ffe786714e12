package io.vpceni.netlink;

import java.nio.ByteBuffer;

/// `struct rtmsg`, the body of RTM_NEWROUTE, RTM_DELROUTE and RTM_GETROUTE.
///
/// // include/uapi/linux/rtnetlink.h
/// unsigned char rtm_family, rtm_dst_len, rtm_src_len, rtm_tos, rtm_table, rtm_protocol, rtm_scope, rtm_type;
/// unsigned rtm_flags;                                                            -> 12 bytes
record RtMsg(int family, int destinationBits, int table, int protocol, int scope, int type) {

    void encode(ByteBuffer out) {
        out.put((byte) family).put((byte) destinationBits).put((byte) 0).put((byte) 0);
        out.put((byte) table).put((byte) protocol).put((byte) scope).put((byte) type);
        out.putInt(0);
    }

    static RtMsg decode(ByteBuffer in) {
        int family = Byte.toUnsignedInt(in.get());
        int destinationBits = Byte.toUnsignedInt(in.get());
        in.getShort();
        RtMsg message = new RtMsg(
                family,
                destinationBits,
                Byte.toUnsignedInt(in.get()),
                Byte.toUnsignedInt(in.get()),
                Byte.toUnsignedInt(in.get()),
                Byte.toUnsignedInt(in.get()));
        in.getInt();
        return message;
    }
}
