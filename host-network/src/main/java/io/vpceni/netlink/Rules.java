package io.vpceni.netlink;

import io.vpceni.config.Cidr;
import java.nio.ByteBuffer;

/// Requests for policy routing rules.
public final class Rules {

    static final int RTM_NEWRULE = 32;
    static final int RTM_DELRULE = 33;
    private static final int AF_INET = 2;

    /// `RTPROT_KERNEL`, `linux/rtnetlink.h`. When a link appears that matches one of its `.network` files,
    /// such as an ENI, systemd-networkd removes rules of every other protocol
    /// (`ManageForeignRoutingPolicyRules`).
    static final byte RTPROT_KERNEL = 2;

    private Rules() {}

    /// Equivalent to: `ip rule add <rule> protocol kernel`. EEXIST: exactly the same rule exists. If a rule
    /// exists that differs only in its protocol, there are two rules afterwards.
    public static NetlinkRequest add(Rule rule) {
        return NetlinkRequest.of(
                RTM_NEWRULE,
                "RTM_NEWRULE",
                NetlinkRequest.NLM_F_CREATE | NetlinkRequest.NLM_F_EXCL,
                rule.toString(),
                out -> {
                    encode(out, rule, action(rule, FibRuleHdr.TO_TABLE));
                    Attributes.put(out, Rule.FRA_PROTOCOL, new byte[] {RTPROT_KERNEL});
                });
    }

    /// Equivalent to: `ip rule del <rule>`. Deletes the first rule that matches, with any protocol. ENOENT:
    /// none matches.
    public static NetlinkRequest delete(Rule rule) {
        return NetlinkRequest.of(
                RTM_DELRULE, "RTM_DELRULE", 0, rule.toString(), out -> encode(out, rule, action(rule, 0)));
    }

    private static int action(Rule rule, int ofLookup) {
        return switch (rule.action()) {
            case Rule.Lookup _ -> ofLookup;
            case Rule.GotoIfLocal _ -> FibRuleHdr.GOTO;
            case Rule.Nop _ -> FibRuleHdr.NOP;
        };
    }

    /// Equivalent to: `ip -4 rule show`.
    public static NetlinkRequest list() {
        return NetlinkRequest.of(
                34,
                "RTM_GETRULE",
                NetlinkRequest.NLM_F_DUMP,
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
        rule.past().ifPresent(past -> {
            Attributes.putInt(out, Rule.FRA_SUPPRESS_IFGROUP, past.group());
            Attributes.putInt(out, Rule.FRA_SUPPRESS_PREFIXLEN, 0);
        });
        if (rule.action() instanceof Rule.GotoIfLocal(int there)) {
            Attributes.putText(out, Rule.FRA_IIFNAME, Rule.LOOPBACK);
            Attributes.putInt(out, Rule.FRA_GOTO, there);
        }
        Attributes.putInt(out, Rule.FRA_PRIORITY, rule.priority());
    }
}
