package io.vpceni.netlink;

import io.vpceni.config.Cidr;
import java.nio.ByteBuffer;

/// Requests about policy routing rules.
public final class Rules {

    static final int RTM_NEWRULE = 32;
    private static final int AF_INET = 2;
    private static final int FR_ACT_TO_TBL = 1; // linux/fib_rules.h

    private Rules() {}

    /// Equivalent to: `ip rule add <rule>`. EEXIST: the very same rule is there.
    public static Request add(Rule rule) {
        return Request.of(
                RTM_NEWRULE,
                "RTM_NEWRULE",
                Request.NLM_F_CREATE | Request.NLM_F_EXCL,
                rule.toString(),
                out -> encode(out, rule, FR_ACT_TO_TBL));
    }

    /// Equivalent to: `ip rule del <rule>`: the first that matches. ENOENT: none does.
    public static Request delete(Rule rule) {
        return Request.of(33, "RTM_DELRULE", 0, rule.toString(), out -> encode(out, rule, 0));
    }

    /// Equivalent to: `ip -4 rule show`.
    public static Request list() {
        return Request.of(
                34,
                "RTM_GETRULE",
                Request.NLM_F_DUMP,
                "all IPv4 rules",
                out -> new FibRuleHdr(AF_INET, 0, 0, 0, 0).encode(out));
    }

    private static void encode(ByteBuffer out, Rule rule, int action) {
        int family = rule.from()
                .or(rule::to)
                .map(block -> Address.family(block.network()))
                .orElse(AF_INET);
        new FibRuleHdr(
                        family,
                        rule.to().map(Cidr::prefixBits).orElse(0),
                        rule.from().map(Cidr::prefixBits).orElse(0),
                        rule.table() < 256 ? rule.table() : 0,
                        action)
                .encode(out);
        rule.from()
                .ifPresent(block ->
                        Attributes.put(out, Rule.FRA_SRC, block.network().getAddress()));
        rule.to()
                .ifPresent(block ->
                        Attributes.put(out, Rule.FRA_DST, block.network().getAddress()));
        if (rule.mark() != 0) {
            Attributes.putInt(out, Rule.FRA_FWMARK, rule.mark());
            Attributes.putInt(out, Rule.FRA_FWMASK, rule.mark());
        }
        if (rule.table() >= 256) {
            Attributes.putInt(out, Rule.FRA_TABLE, rule.table());
        }
        Attributes.putInt(out, Rule.FRA_PRIORITY, rule.priority());
    }
}
