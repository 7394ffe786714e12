package io.vpceni.netlink;

import java.nio.ByteBuffer;

/// `struct fib_rule_hdr`, the body of RTM_NEWRULE, RTM_DELRULE and RTM_GETRULE.
///
/// // include/uapi/linux/fib_rules.h
/// __u8 family, dst_len, src_len, tos, table, res1, res2, action; __u32 flags;    -> 12 bytes
record FibRuleHdr(int family, int destinationBits, int sourceBits, int table, int action) {

    void encode(ByteBuffer out) {
        out.put((byte) family)
                .put((byte) destinationBits)
                .put((byte) sourceBits)
                .put((byte) 0);
        out.put((byte) table).put((byte) 0).put((byte) 0).put((byte) action);
        out.putInt(0);
    }

    static FibRuleHdr decode(ByteBuffer in) {
        int family = Byte.toUnsignedInt(in.get());
        int destinationBits = Byte.toUnsignedInt(in.get());
        int sourceBits = Byte.toUnsignedInt(in.get());
        in.get();
        int table = Byte.toUnsignedInt(in.get());
        in.getShort();
        int action = Byte.toUnsignedInt(in.get());
        in.getInt();
        return new FibRuleHdr(family, destinationBits, sourceBits, table, action);
    }
}
