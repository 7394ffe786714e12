package io.vpceni.netlink;

/// A step of a rule of nftables or iptables, as far as it says which packets the rule is for and what becomes of them.
/// A rule goes from left to right and ends with the first step that does not match.
public sealed interface FilterExpression {

    /// What a register is loaded with.
    enum Field {
        /// Name of the link that the packet came by, with NULs to 16 bytes.
        IN_NAME,
        OUT_NAME,
        /// Index of the link, as the other numbers in host byte order.
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
        /// Whatever else there is.
        OTHER
    }

    /// What becomes of a packet that a rule is for.
    enum Fate {
        ACCEPT,
        /// With or without a word to the sender.
        DROP,
        RETURN,
        JUMP,
        GOTO,
        /// Depends on what is not read: a map of verdicts, a queue, a target that is not known.
        UNKNOWN
    }

    record Load(int register, Field field) implements FilterExpression {}

    /// `to = from & mask ^ xor`, of 32 bits in host byte order.
    record Mask(int from, int to, int mask, int xor) implements FilterExpression {}

    /// Matches when the register's first bytes are these, or are not.
    ///
    /// @param bytes one for each character
    record Compare(int register, boolean equal, String bytes) implements FilterExpression {}

    /// Matches some packets, or fills a register; which and how is not read. No register is sure after it.
    record Unread() implements FilterExpression {}

    /// The packet's way ends here or goes on in another chain.
    ///
    /// @param chain of a jump or goto; else empty
    record Verdict(Fate fate, String chain) implements FilterExpression {}
}
