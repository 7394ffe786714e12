package io.vpceni.netlink;

import io.vpceni.netlink.FilterExpression.Compare;
import io.vpceni.netlink.FilterExpression.Fate;
import io.vpceni.netlink.FilterExpression.Field;
import io.vpceni.netlink.FilterExpression.Load;
import io.vpceni.netlink.FilterExpression.Mask;
import io.vpceni.netlink.FilterExpression.Unread;
import io.vpceni.netlink.FilterExpression.Verdict;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Matches and targets of iptables (`linux/netfilter/xt_*.h`), in rules of both of its back ends.
final class XtExtensions {

    /// A register that no rule of nft or iptables uses.
    private static final int REGISTER = 99;

    /// `struct xt_conntrack_mtinfo3`: eight addresses of 16 bytes, `__u32 expires_min, expires_max; __u16
    /// l4proto; __be16` four ports; `__u16 match_flags, invert_flags, state_mask, status_mask;` and more
    /// ports. Revision 2 is the same without the additional ports.
    private static final int CONNTRACK_MATCH_FLAGS = 146;

    private static final int CONNTRACK_INVERT_FLAGS = 148;
    private static final int CONNTRACK_STATE_MASK = 150;
    private static final int CONNTRACK_BYTES_MIN = 154;
    private static final int XT_CONNTRACK_STATE = 1;

    /// `struct xt_mark_mtinfo1`: `__u32 mark, mask; __u8 invert;`
    private static final int MARK_BYTES_MIN = 9;

    /// Targets after which evaluation continues with the next rule.
    private static final Set<String> GOING_ON = Set.of(
            "LOG",
            "NFLOG",
            "ULOG",
            "AUDIT",
            "TRACE",
            "MARK",
            "CONNMARK",
            "SECMARK",
            "CONNSECMARK",
            "CLASSIFY",
            "TCPMSS",
            "TCPOPTSTRIP",
            "TOS",
            "DSCP",
            "TTL",
            "ECN",
            "CHECKSUM",
            "CT",
            "NOTRACK",
            "SET",
            "TEE",
            "HMARK",
            "IDLETIMER",
            "LED",
            "RATEEST");

    private XtExtensions() {}

    static List<FilterExpression> match(String name, byte[] info) {
        ByteBuffer in = ByteBuffer.wrap(info).order(ByteOrder.nativeOrder());
        return switch (name) {
            case "comment" -> List.of();
            case "conntrack" -> info.length < CONNTRACK_BYTES_MIN ? List.of(new Unread()) : conntrack(in);
            case "mark" -> info.length < MARK_BYTES_MIN ? List.of(new Unread()) : mark(in);
            default -> List.of(new Unread());
        };
    }

    private static List<FilterExpression> conntrack(ByteBuffer in) {
        int flags = Short.toUnsignedInt(in.getShort(CONNTRACK_MATCH_FLAGS));
        boolean inverted = (in.getShort(CONNTRACK_INVERT_FLAGS) & XT_CONNTRACK_STATE) != 0;
        int states = Short.toUnsignedInt(in.getShort(CONNTRACK_STATE_MASK));
        List<FilterExpression> steps = new ArrayList<>();
        if ((flags & XT_CONNTRACK_STATE) != 0) {
            steps.add(new Load(REGISTER, Field.CONNECTION_STATE));
            steps.add(new Mask(REGISTER, REGISTER, states, 0));
            steps.add(new Compare(REGISTER, inverted, bytes(0)));
        }
        if ((flags & ~XT_CONNTRACK_STATE) != 0) {
            steps.add(new Unread());
        }
        return steps;
    }

    private static List<FilterExpression> mark(ByteBuffer in) {
        boolean inverted = in.get(2 * Integer.BYTES) != 0;
        return List.of(
                new Load(REGISTER, Field.MARK),
                new Mask(REGISTER, REGISTER, in.getInt(Integer.BYTES), 0),
                new Compare(REGISTER, !inverted, bytes(in.getInt(0))));
    }

    static List<FilterExpression> target(String name) {
        if (name.equals("REJECT") || name.equals("DROP")) {
            return List.of(new Verdict(Fate.DROP, ""));
        }
        return GOING_ON.contains(name) ? List.of() : List.of(new Verdict(Fate.UNKNOWN, ""));
    }

    static String bytes(int number) {
        byte[] bytes = new byte[Integer.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).putInt(number);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
