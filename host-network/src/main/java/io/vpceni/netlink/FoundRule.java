package io.vpceni.netlink;

import java.nio.ByteBuffer;
import java.util.Optional;

/// A rule as the kernel has it. The kernel treats two rules that differ only in the protocol as two rules.
///
/// @param protocol the program that added the rule, as it declared itself (`RTPROT_*`, `linux/rtnetlink.h`): 0
///     none, 2 the kernel or ipamd
public record FoundRule(Rule rule, int protocol) {

    /// `RTPROT_UNSPEC`.
    public static final int PROTOCOL_NOBODY = 0;

    /// `RTPROT_KERNEL`: also used by ipamd, see [Rules#add].
    public static final int PROTOCOL_KERNEL = Rules.RTPROT_KERNEL;

    static Optional<FoundRule> decode(ByteBuffer in) {
        Attributes attributes =
                Attributes.decode(in.duplicate().order(in.order()).position(FibRuleHdr.BYTES));
        int protocol = attributes
                .bytes(Rule.FRA_PROTOCOL)
                .map(value -> Byte.toUnsignedInt(value[0]))
                .orElse(0);
        return Rule.decode(in).map(rule -> new FoundRule(rule, protocol));
    }
}
