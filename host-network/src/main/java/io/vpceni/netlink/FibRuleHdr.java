package io.vpceni.netlink;

import java.nio.ByteBuffer;

/// `struct fib_rule_hdr`, the body of RTM_NEWRULE, RTM_DELRULE and RTM_GETRULE.
///
/// // include/uapi/linux/fib_rules.h
/// __u8 family, dst_len, src_len, tos, table, res1, res2, action; __u32 flags;    -> 12 bytes
///
/// @param tos 0: any
/// @param flags `FIB_RULE_INVERT` among them
record FibRuleHdr(int family, int destinationBits, int sourceBits, int tos, int table, int action, int flags) {

    static final int BYTES = 12;

    /// `FR_ACT_TO_TBL`: look up the table.
    static final int TO_TABLE = 1;

    /// `FR_ACT_GOTO`: continue at another rule.
    static final int GOTO = 2;

    /// `FR_ACT_NOP`: do nothing.
    static final int NOP = 3;

    /// `FIB_RULE_INVERT`: the rule applies to packets that its selectors do not match.
    static final int INVERTED = 2;

    FibRuleHdr(int family, int destinationBits, int sourceBits, int table, int action) {
        this(family, destinationBits, sourceBits, 0, table, action, 0);
    }

    void encode(ByteBuffer out) {
        out.put((byte) family)
                .put((byte) destinationBits)
                .put((byte) sourceBits)
                .put((byte) tos);
        out.put((byte) table).put((byte) 0).put((byte) 0).put((byte) action);
        out.putInt(flags);
    }

    static FibRuleHdr decode(ByteBuffer in) {
        int family = Byte.toUnsignedInt(in.get());
        int destinationBits = Byte.toUnsignedInt(in.get());
        int sourceBits = Byte.toUnsignedInt(in.get());
        int tos = Byte.toUnsignedInt(in.get());
        int table = Byte.toUnsignedInt(in.get());
        in.getShort();
        int action = Byte.toUnsignedInt(in.get());
        return new FibRuleHdr(family, destinationBits, sourceBits, tos, table, action, in.getInt());
    }
}
