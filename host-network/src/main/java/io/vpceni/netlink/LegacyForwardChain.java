package io.vpceni.netlink;

import io.vpceni.netlink.FilterExpression.Compare;
import io.vpceni.netlink.FilterExpression.Fate;
import io.vpceni.netlink.FilterExpression.Field;
import io.vpceni.netlink.FilterExpression.Load;
import io.vpceni.netlink.FilterExpression.Unread;
import io.vpceni.netlink.FilterExpression.Verdict;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The chain FORWARD of iptables' legacy back end, decoded from the blob that the kernel returns
/// (`linux/netfilter_ipv4/ip_tables.h`).
///
/// `struct ipt_entry`: `struct ipt_ip` (`struct in_addr src, dst, smsk, dmsk; char iniface[16], outiface[16];
/// unsigned char iniface_mask[16], outiface_mask[16]; __u16 proto; __u8 flags, invflags;`), `unsigned int nfcache;
/// __u16 target_offset, next_offset; unsigned int comefrom; struct xt_counters counters;` then matches and a
/// target, each with a header `__u16 size; char name[29]; __u8 revision;`. A user-defined chain begins after an
/// entry with the target ERROR, which has the chain's name. A jump is the offset of the chain's first rule.
///
/// @param entries from the table's first entry on
/// @param first offset of the chain's first rule
/// @param policy offset of its policy, which is a rule too
record LegacyForwardChain(ByteBuffer entries, int first, int policy) implements ForwardChain {

    private static final int ADDRESSES_BYTES = 16;
    private static final int NAME_BYTES = 16;
    private static final int IN_NAME = 16;
    private static final int OUT_NAME = 32;
    private static final int IN_MASK = 48;
    private static final int OUT_MASK = 64;
    private static final int PROTOCOL = 80;
    private static final int FLAGS = 82;
    private static final int INVERTED = 83;
    private static final int IPT_INV_VIA_IN = 1;
    private static final int IPT_INV_VIA_OUT = 2;
    private static final int TARGET_OFFSET = 88;
    private static final int NEXT_OFFSET = 90;
    private static final int ENTRY_BYTES = 112;
    private static final int HEAD_BYTES = 32;
    private static final int EXTENSION_NAME = 2;
    private static final int EXTENSION_NAME_BYTES = 29;

    /// A register that no rule uses otherwise.
    private static final int REGISTER = 98;

    /// More rules than any chain has; a blob with more is invalid.
    private static final int RULES_MAX = 100_000;

    @Override
    public Tool tool() {
        return Tool.IPTABLES_LEGACY;
    }

    @Override
    public String name() {
        return "filter FORWARD of iptables-legacy";
    }

    @Override
    public boolean dropsByPolicy() {
        return target(policy).contains(new Verdict(Fate.DROP, ""));
    }

    @Override
    public List<List<FilterExpression>> rules() {
        return from(first, policy);
    }

    @Override
    public List<List<FilterExpression>> rules(String chain) {
        return from(Integer.parseInt(chain), entries.capacity());
    }

    @Override
    public List<String> chainsBeside() {
        List<String> names = new ArrayList<>();
        for (int at = 0; at < entries.capacity(); at = next(at)) {
            if (isHead(at)) {
                names.add(text(at + targetOffset(at) + HEAD_BYTES, HEAD_BYTES - EXTENSION_NAME));
            }
        }
        return names;
    }

    /// Rules from the start to the given end, or to the beginning of the next chain.
    private List<List<FilterExpression>> from(int start, int end) {
        List<List<FilterExpression>> rules = new ArrayList<>();
        for (int at = start; at < end && !isHead(at) && rules.size() < RULES_MAX; at = next(at)) {
            List<FilterExpression> rule = new ArrayList<>(conditions(at));
            rule.addAll(target(at));
            rules.add(rule);
        }
        return rules;
    }

    private int next(int at) {
        return at + Math.max(ENTRY_BYTES, Short.toUnsignedInt(entries.getShort(at + NEXT_OFFSET)));
    }

    private int targetOffset(int at) {
        return Short.toUnsignedInt(entries.getShort(at + TARGET_OFFSET));
    }

    private boolean isHead(int at) {
        return extension(at + targetOffset(at)).equals("ERROR");
    }

    private String extension(int at) {
        return text(at + EXTENSION_NAME, EXTENSION_NAME_BYTES);
    }

    private String text(int at, int bytesMax) {
        String raw = raw(at, Math.min(bytesMax, entries.capacity() - at));
        int end = raw.indexOf('\0');
        return end < 0 ? raw : raw.substring(0, end);
    }

    private String raw(int at, int count) {
        byte[] bytes = new byte[count];
        entries.get(at, bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private List<FilterExpression> conditions(int at) {
        List<FilterExpression> conditions = new ArrayList<>();
        byte inverted = entries.get(at + INVERTED);
        link(conditions, Field.IN_NAME, at + IN_NAME, at + IN_MASK, (inverted & IPT_INV_VIA_IN) != 0);
        link(conditions, Field.OUT_NAME, at + OUT_NAME, at + OUT_MASK, (inverted & IPT_INV_VIA_OUT) != 0);
        boolean any = raw(at + ADDRESSES_BYTES / 2, ADDRESSES_BYTES / 2).equals("\0".repeat(ADDRESSES_BYTES / 2))
                && entries.getShort(at + PROTOCOL) == 0
                && entries.get(at + FLAGS) == 0;
        if (!any) {
            conditions.add(new Unread());
        }
        for (int match = at + ENTRY_BYTES; match < at + targetOffset(at); ) {
            int size = Math.max(HEAD_BYTES, Short.toUnsignedInt(entries.getShort(match)));
            byte[] info = new byte[size - HEAD_BYTES];
            entries.get(match + HEAD_BYTES, info);
            conditions.addAll(XtExtensions.match(extension(match), info));
            match += size;
        }
        return conditions;
    }

    /// The mask says how many bytes of the name are compared: all including the final NUL, or those before a
    /// `+`.
    private void link(List<FilterExpression> conditions, Field field, int name, int mask, boolean inverted) {
        int count = 0;
        while (count < NAME_BYTES && entries.get(mask + count) != 0) {
            count++;
        }
        if (count > 0) {
            conditions.add(new Load(REGISTER, field));
            conditions.add(new Compare(REGISTER, !inverted, raw(name, count)));
        }
    }

    /// A standard target has no name and a verdict: 0 or more is a jump, less than 0 is `-verdict - 1`, and -5
    /// is RETURN.
    private List<FilterExpression> target(int at) {
        int target = at + targetOffset(at);
        String name = extension(target);
        if (!name.isEmpty()) {
            return XtExtensions.target(name);
        }
        int verdict = entries.getInt(target + HEAD_BYTES);
        return switch (verdict) {
            case -1 -> List.of(new Verdict(Fate.DROP, ""));
            case -2 -> List.of(new Verdict(Fate.ACCEPT, ""));
            case -5 -> List.of(new Verdict(Fate.RETURN, ""));
            default ->
                verdict == at + Short.toUnsignedInt(entries.getShort(at + NEXT_OFFSET))
                        ? List.of() // a rule without a target
                        : List.of(new Verdict(verdict < 0 ? Fate.UNKNOWN : Fate.JUMP, Integer.toString(verdict)));
        };
    }
}
