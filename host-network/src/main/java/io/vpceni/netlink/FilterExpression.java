package io.vpceni.netlink;

/// One expression of an nftables or iptables rule, as far as it decides which packets the rule matches and what
/// happens to them. A rule is evaluated from left to right and ends at the first expression that does not match.
public sealed interface FilterExpression {

    /// What a register is loaded with.
    enum Field {
        /// Name of the link that the packet arrived by, padded with NULs to 16 bytes.
        IN_NAME,
        OUT_NAME,
        /// Index of that link, in host byte order like the other numbers.
        IN_INDEX,
        OUT_INDEX,
        /// `NFPROTO_IPV4` or `NFPROTO_IPV6`, one byte.
        FAMILY,
        MARK,
        /// Bits of `NF_CT_STATE_BIT`, `linux/netfilter/nf_conntrack_common.h`.
        CONNECTION_STATE,
        CONNECTION_MARK,
        /// `enum ip_conntrack_status`.
        CONNECTION_STATUS,
        /// Any other field.
        OTHER
    }

    /// What happens to a packet that the rule matches.
    enum Fate {
        ACCEPT,
        /// Dropped or rejected.
        DROP,
        RETURN,
        JUMP,
        GOTO,
        /// Depends on something that is not read: a verdict map, a queue, an unknown target.
        UNKNOWN
    }

    record Load(int register, Field field) implements FilterExpression {}

    /// `to = from & mask ^ xor`, on 32 bits in host byte order.
    record Mask(int from, int to, int mask, int xor) implements FilterExpression {}

    /// Matches when the register begins with these bytes, or when it does not.
    ///
    /// @param bytes one byte per character
    record Compare(int register, boolean equal, String bytes) implements FilterExpression {}

    /// Matches some packets, or fills a register; which and how is not read. After it no register is known.
    record Unread() implements FilterExpression {}

    /// Processing of the packet ends here, or continues in another chain.
    ///
    /// @param chain of a jump or goto; otherwise empty
    record Verdict(Fate fate, String chain) implements FilterExpression {}
}
