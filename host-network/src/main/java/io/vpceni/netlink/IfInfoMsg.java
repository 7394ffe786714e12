package io.vpceni.netlink;

import java.nio.ByteBuffer;

/// `struct ifinfomsg`, the body of RTM_NEWLINK, RTM_DELLINK, RTM_GETLINK and RTM_SETLINK.
///
/// // include/uapi/linux/rtnetlink.h
/// unsigned char ifi_family; unsigned char __ifi_pad; unsigned short ifi_type;
/// int ifi_index; unsigned ifi_flags; unsigned ifi_change;                        -> 16 bytes
///
/// @param index 0: by name or group
/// @param flags `IFF_*`
/// @param change which of the flags are meant
record IfInfoMsg(int index, int flags, int change) {

    static final int BYTES = 16;

    /// `linux/if.h`.
    static final int IFF_UP = 1;

    static final int IFF_LOWER_UP = 0x10000;

    void encode(ByteBuffer out) {
        out.put((byte) 0).put((byte) 0).putShort((short) 0);
        out.putInt(index).putInt(flags).putInt(change);
    }

    static IfInfoMsg decode(ByteBuffer in) {
        in.getInt();
        return new IfInfoMsg(in.getInt(), in.getInt(), in.getInt());
    }
}
