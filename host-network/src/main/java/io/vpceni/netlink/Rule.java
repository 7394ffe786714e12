package io.vpceni.netlink;

import io.vpceni.config.Cidr;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;

/// A policy routing rule. A selector that is absent matches everything.
///
/// @param priority rules are evaluated in ascending order
/// @param from source block
/// @param to destination block
/// @param mark mark and mask have the same value; 0: marks are not compared
/// @param table looked up when the rule matches; 0: any, when a rule is deleted
/// @param past routes of the table that are ignored; empty: none
/// @param action what happens to a matching packet
public record Rule(
        int priority,
        Optional<Cidr> from,
        Optional<Cidr> to,
        int mark,
        int table,
        Optional<Past> past,
        RuleAction action) {

    /// What a rule does.
    public sealed interface RuleAction {}

    /// Look up the table.
    public record Lookup() implements RuleAction {}

    /// For packets of the node itself, continue at the rule with that priority, which is a later one: `iif lo
    /// goto <priority>`. If there is no such rule, and for forwarded packets, the next rule is evaluated.
    public record GotoIfLocal(int priority) implements RuleAction {}

    /// Do nothing: a target for goto.
    public record Nop() implements RuleAction {}

    /// Ignore the default route, and routes over links of a group: `suppress_prefixlength 0 suppress_ifgroup
    /// <group>`.
    public record Past(int group) {}

    // linux/fib_rules.h
    static final int FRA_DST = 1;
    static final int FRA_SRC = 2;
    static final int FRA_IIFNAME = 3;
    static final int FRA_GOTO = 4;
    static final int FRA_PRIORITY = 6;
    static final int FRA_FWMARK = 10;
    static final int FRA_TABLE = 15;
    static final int FRA_SUPPRESS_IFGROUP = 13;
    static final int FRA_SUPPRESS_PREFIXLEN = 14;
    static final int FRA_FWMASK = 16;
    static final int FRA_PROTOCOL = 21;

    static final String LOOPBACK = "lo";

    /// The attributes that may occur in a message about a rule which this record represents completely. The
    /// kernel adds the suppressed prefix length to every rule, -1 for none.
    private static final Set<Integer> TOLD = Set.of(
            FRA_DST,
            FRA_SRC,
            FRA_IIFNAME,
            FRA_GOTO,
            FRA_PRIORITY,
            FRA_FWMARK,
            FRA_SUPPRESS_IFGROUP,
            FRA_SUPPRESS_PREFIXLEN,
            FRA_TABLE,
            FRA_FWMASK,
            FRA_PROTOCOL);

    public Rule(int priority, Optional<Cidr> from, Optional<Cidr> to, int mark, int table) {
        this(priority, from, to, mark, table, Optional.empty(), new Lookup());
    }

    /// `from <sources> iif lo goto <to>`.
    public static Rule gotoIfLocal(Cidr sources, int to, int priority) {
        return new Rule(priority, Optional.of(sources), Optional.empty(), 0, 0, Optional.empty(), new GotoIfLocal(to));
    }

    /// `nop`.
    public static Rule nop(int priority) {
        return new Rule(priority, Optional.empty(), Optional.empty(), 0, 0, Optional.empty(), new Nop());
    }

    /// The same rule at another priority, which ignores some routes of that table.
    public Rule past(Past past, int table, int priority) {
        return new Rule(priority, from, to, mark, table, Optional.of(past), action);
    }

    public static Rule from(Cidr sources, int table, int priority) {
        return new Rule(priority, Optional.of(sources), Optional.empty(), 0, table);
    }

    public static Rule from(InetAddress source, int table, int priority) {
        return new Rule(priority, Optional.of(host(source)), Optional.empty(), 0, table);
    }

    public static Rule to(InetAddress destination, int table, int priority) {
        return new Rule(priority, Optional.empty(), Optional.of(host(destination)), 0, table);
    }

    public static Rule marked(int mark, int table, int priority) {
        return new Rule(priority, Optional.empty(), Optional.empty(), mark, table);
    }

    private static Cidr host(InetAddress address) {
        return Cidr.containing(address, address.getAddress().length * Byte.SIZE);
    }

    /// Empty: a rule that this record cannot represent: one by link, port or user, an inverted one, or one
    /// with another action. Such a rule belongs to no user of this class.
    static Optional<Rule> decode(ByteBuffer in) {
        FibRuleHdr header = FibRuleHdr.decode(in);
        Attributes attributes = Attributes.decode(in);
        int mark = attributes.integer(FRA_FWMARK, 0);
        int prefixes = attributes.integer(FRA_SUPPRESS_PREFIXLEN, -1);
        int group = attributes.integer(FRA_SUPPRESS_IFGROUP, -1);
        Optional<RuleAction> action = action(header, attributes);
        boolean told = action.isPresent()
                && header.tos() == 0
                && (header.flags() & FibRuleHdr.INVERTED) == 0
                && TOLD.containsAll(attributes.types())
                && ((prefixes == -1 && group == -1) || (prefixes == 0 && group >= 0))
                && attributes.integer(FRA_FWMASK, mark) == mark;
        if (!told) {
            return Optional.empty();
        }
        return Optional.of(new Rule(
                attributes.integer(FRA_PRIORITY, 0),
                attributes.bytes(FRA_SRC).map(bytes -> new Cidr(Address.inet(bytes), header.sourceBits())),
                attributes.bytes(FRA_DST).map(bytes -> new Cidr(Address.inet(bytes), header.destinationBits())),
                mark,
                attributes.integer(FRA_TABLE, header.table()),
                prefixes == 0 ? Optional.of(new Past(group)) : Optional.empty(),
                action.get()));
    }

    private static Optional<RuleAction> action(FibRuleHdr header, Attributes attributes) {
        String link = attributes.text(FRA_IIFNAME);
        if (header.action() == FibRuleHdr.GOTO) {
            return link.equals(LOOPBACK)
                    ? Optional.of(new GotoIfLocal(attributes.integer(FRA_GOTO, 0)))
                    : Optional.empty();
        }
        if (!link.isEmpty()) {
            return Optional.empty();
        }
        return switch (header.action()) {
            case FibRuleHdr.TO_TABLE -> Optional.of(new Lookup());
            case FibRuleHdr.NOP -> Optional.of(new Nop());
            default -> Optional.empty();
        };
    }

    private String words(RuleAction what) {
        return switch (what) {
            case Lookup _ ->
                table == 0 ? "" : " lookup " + (table == Route.TABLE_MAIN ? "main" : Integer.toString(table));
            case GotoIfLocal(int there) -> " iif lo goto " + there;
            case Nop _ -> " nop";
        };
    }

    @Override
    public String toString() {
        return "from " + from.map(Cidr::toString).orElse("all")
                + to.map(block -> " to " + block).orElse("")
                + (mark == 0 ? "" : " fwmark 0x" + Integer.toHexString(mark) + "/0x" + Integer.toHexString(mark))
                + words(action)
                + past.map(less -> " suppress_prefixlength 0 suppress_ifgroup " + less.group())
                        .orElse("")
                + " priority " + priority;
    }
}
