package io.vpceni.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/// Reads nftables over `NETLINK_NETFILTER` (`linux/netfilter/nf_tables.h`).
///
/// libnftables shows an iptables-nft rule without the text of its comment, because the comment is inside an
/// xtables extension. Without it the owner of a rule cannot be recognized. So rules are read as the kernel has
/// them.
public final class NftDump {

    /// `NFNL_SUBSYS_NFTABLES` in the upper byte, `NFT_MSG_*` in the lower.
    private static final int NFT_MSG_NEWTABLE = 0xa00;

    private static final int NFT_MSG_GETTABLE = 0xa01;
    private static final int NFT_MSG_NEWCHAIN = 0xa03;
    private static final int NFT_MSG_GETCHAIN = 0xa04;
    private static final int NFT_MSG_NEWRULE = 0xa06;
    private static final int NFT_MSG_GETRULE = 0xa07;

    /// `struct nfgenmsg`: `__u8 nfgen_family; __u8 version; __be16 res_id;`
    private static final int NFGENMSG_BYTES = 4;

    private static final int NFTA_TABLE_NAME = 1;
    private static final int NFTA_CHAIN_TABLE = 1;
    private static final int NFTA_CHAIN_NAME = 3;
    private static final int NFTA_RULE_TABLE = 1;
    private static final int NFTA_RULE_CHAIN = 2;
    private static final int NFTA_RULE_HANDLE = 3;
    private static final int NFTA_RULE_EXPRESSIONS = 4;
    private static final int NFTA_RULE_USERDATA = 7;
    private static final int NFTA_EXPR_NAME = 1;
    private static final int NFTA_EXPR_DATA = 2;
    private static final int NFTA_MATCH_NAME = 1;
    private static final int NFTA_MATCH_INFO = 3;
    private static final int NFTA_IMMEDIATE_DATA = 2;
    private static final int NFTA_DATA_VERDICT = 2;
    private static final int NFTA_VERDICT_CHAIN = 2;

    /// `NFTNL_UDATA_RULE_COMMENT`: a byte each of type and length, then the text with its ending NUL.
    private static final int UDATA_RULE_COMMENT = 0;

    private static final int NFTA_CHAIN_HOOK = 4;
    private static final int NFTA_CHAIN_POLICY = 5;
    private static final int NFTA_HOOK_HOOKNUM = 1;
    private static final int NF_INET_FORWARD = 2;
    private static final int NF_DROP = 0;

    /// `NFPROTO_INET`, `NFPROTO_IPV4` and `NFPROTO_IPV6`, `linux/netfilter.h`.
    public enum Family {
        INET(1),
        IP(2),
        IP6(10);

        private final int number;

        Family(int number) {
            this.number = number;
        }

        /// The keyword of nft(8).
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// A chain and its table.
    public record Chain(String table, String name) {}

    /// The parts of a rule that show which program it belongs to.
    ///
    /// @param handle its number in the table
    /// @param comment of iptables' `-m comment`, or nft's; empty: none
    /// @param jumps the chains that it jumps or goes to
    public record NftRule(Chain chain, long handle, String comment, Set<String> jumps) {
        public NftRule {
            jumps = Set.copyOf(jumps);
        }
    }

    private NftDump() {}

    /// Equivalent to: `nft list tables <family>`. Names.
    ///
    /// @param socket of [NetlinkSocket#openNetfilter]
    public static List<String> tables(NetlinkSocket socket, Family family) throws NetlinkFailure {
        return socket.dump(
                list(NFT_MSG_GETTABLE, "NFT_MSG_GETTABLE", family, "tables"),
                NFT_MSG_NEWTABLE,
                body -> attributes(body).text(NFTA_TABLE_NAME));
    }

    /// Equivalent to: `nft list chains <family>`.
    public static List<Chain> chains(NetlinkSocket socket, Family family) throws NetlinkFailure {
        return socket.dump(list(NFT_MSG_GETCHAIN, "NFT_MSG_GETCHAIN", family, "chains"), NFT_MSG_NEWCHAIN, body -> {
            Attributes chain = attributes(body);
            return chainOf(chain);
        });
    }

    /// Equivalent to: `nft list chain <family> <table> <chain>`.
    public static List<NftRule> rules(NetlinkSocket socket, Family family, Chain chain) throws NetlinkFailure {
        return socket.dump(rulesOf(family, chain), NFT_MSG_NEWRULE, NftDump::decode).stream()
                .filter(rule -> rule.chain().equals(chain))
                .toList();
    }

    private static NetlinkRequest rulesOf(Family family, Chain chain) {
        return NetlinkRequest.of(
                NFT_MSG_GETRULE,
                "NFT_MSG_GETRULE",
                NetlinkRequest.NLM_F_DUMP,
                "chain " + family.word() + " " + chain.table() + " " + chain.name(),
                out -> {
                    header(out, family);
                    Attributes.putText(out, NFTA_RULE_TABLE, chain.table());
                    Attributes.putText(out, NFTA_RULE_CHAIN, chain.name());
                });
    }

    /// The chains of these families that every forwarded IPv4 packet traverses.
    ///
    /// @param socket of [NetlinkSocket#openNetfilter]; also used to read their rules
    public static List<ForwardChain> forwarding(NetlinkSocket socket) throws NetlinkFailure {
        List<ForwardChain> forwarding = new ArrayList<>();
        for (Family family : List.of(Family.IP, Family.INET)) {
            List<Chain> all = new ArrayList<>();
            List<Attributes> hooked = new ArrayList<>();
            socket.dump(
                            list(NFT_MSG_GETCHAIN, "NFT_MSG_GETCHAIN", family, "chains"),
                            NFT_MSG_NEWCHAIN,
                            NftDump::attributes)
                    .forEach(chain -> {
                        all.add(chainOf(chain));
                        if (isForwarding(chain)) {
                            hooked.add(chain);
                        }
                    });
            for (Attributes chain : hooked) {
                Chain named = chainOf(chain);
                boolean drops = number(chain, NFTA_CHAIN_POLICY, 1) == NF_DROP;
                List<String> beside = all.stream()
                        .filter(other -> other.table().equals(named.table()))
                        .map(Chain::name)
                        .toList();
                forwarding.add(new NftForwardChain(socket, family, named, drops, beside));
            }
        }
        return forwarding;
    }

    private static boolean isForwarding(Attributes chain) {
        return chain.nested(NFTA_CHAIN_HOOK)
                .filter(hook -> number(hook, NFTA_HOOK_HOOKNUM, -1) == NF_INET_FORWARD)
                .isPresent();
    }

    /// The expressions of each rule of a chain, in order.
    static List<List<FilterExpression>> programs(NetlinkSocket socket, Family family, Chain chain)
            throws NetlinkFailure {
        return socket
                .dump(rulesOf(family, chain), NFT_MSG_NEWRULE, body -> {
                    Attributes rule = attributes(body);
                    return chainOfRule(rule).equals(chain)
                            ? Optional.of(program(rule))
                            : Optional.<List<FilterExpression>>empty();
                })
                .stream()
                .flatMap(Optional::stream)
                .toList();
    }

    private static List<FilterExpression> program(Attributes rule) {
        List<FilterExpression> steps = new ArrayList<>();
        rule.each(NFTA_RULE_EXPRESSIONS)
                .forEach(expression -> steps.addAll(
                        NftExpressions.decode(expression.text(NFTA_EXPR_NAME), expression.nested(NFTA_EXPR_DATA))));
        return steps;
    }

    /// `__be32`.
    static int number(Attributes attributes, int type, int otherwise) {
        return attributes
                .bytes(type)
                .filter(bytes -> bytes.length == Integer.BYTES)
                .map(bytes -> ByteBuffer.wrap(bytes).order(ByteOrder.BIG_ENDIAN).getInt())
                .orElse(otherwise);
    }

    static NftRule decode(ByteBuffer body) {
        Attributes rule = attributes(body);
        StringBuilder comment = new StringBuilder();
        Set<String> jumps = new TreeSet<>();
        rule.bytes(NFTA_RULE_EXPRESSIONS)
                .ifPresent(list -> each(list, expression -> {
                    Attributes data = expression
                            .bytes(NFTA_EXPR_DATA)
                            .map(NftDump::attributesOf)
                            .orElseGet(() -> attributesOf(new byte[0]));
                    switch (expression.text(NFTA_EXPR_NAME)) {
                        case "match" -> {
                            if (data.text(NFTA_MATCH_NAME).equals("comment")) {
                                comment.append(data.text(NFTA_MATCH_INFO)); // struct xt_comment_info: char comment[256]
                            }
                        }
                        case "immediate" ->
                            data.nested(NFTA_IMMEDIATE_DATA)
                                    .flatMap(value -> value.nested(NFTA_DATA_VERDICT))
                                    .map(verdict -> verdict.text(NFTA_VERDICT_CHAIN))
                                    .filter(target -> !target.isEmpty())
                                    .ifPresent(jumps::add);
                        default -> {}
                    }
                }));
        rule.bytes(NFTA_RULE_USERDATA).ifPresent(userData -> comment.append(userComment(userData)));
        long handle = rule.bytes(NFTA_RULE_HANDLE)
                .map(bytes -> ByteBuffer.wrap(bytes).order(ByteOrder.BIG_ENDIAN).getLong())
                .orElse(0L);
        return new NftRule(chainOfRule(rule), handle, comment.toString(), jumps);
    }

    private static Chain chainOf(Attributes chain) {
        return new Chain(chain.text(NFTA_CHAIN_TABLE), chain.text(NFTA_CHAIN_NAME));
    }

    private static Chain chainOfRule(Attributes rule) {
        return new Chain(rule.text(NFTA_RULE_TABLE), rule.text(NFTA_RULE_CHAIN));
    }

    private static String userComment(byte[] userData) {
        ByteBuffer in = ByteBuffer.wrap(userData);
        while (in.remaining() > 2) {
            int type = Byte.toUnsignedInt(in.get());
            int length = Math.min(Byte.toUnsignedInt(in.get()), in.remaining());
            byte[] value = new byte[length];
            in.get(value);
            if (type == UDATA_RULE_COMMENT && length > 0) {
                return new String(value, 0, length - 1, StandardCharsets.UTF_8);
            }
        }
        return "";
    }

    /// The elements of a list, which all have the same type.
    private static void each(byte[] list, Consumer<Attributes> element) {
        ByteBuffer in = ByteBuffer.wrap(list).order(ByteOrder.nativeOrder());
        while (in.remaining() >= Integer.BYTES) {
            int length = Short.toUnsignedInt(in.getShort(in.position()));
            if (length < Integer.BYTES || length > in.remaining()) {
                throw new IllegalArgumentException("list element of " + length + " bytes");
            }
            byte[] value = new byte[length - Integer.BYTES];
            in.get(in.position() + Integer.BYTES, value);
            element.accept(attributesOf(value));
            in.position(Math.min(in.limit(), in.position() + (length + 3) / 4 * 4));
        }
    }

    private static Attributes attributesOf(byte[] bytes) {
        return Attributes.decode(ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()));
    }

    private static Attributes attributes(ByteBuffer body) {
        return Attributes.decode(body.duplicate().order(ByteOrder.nativeOrder()).position(NFGENMSG_BYTES));
    }

    private static NetlinkRequest list(int type, String typeName, Family family, String what) {
        return NetlinkRequest.of(
                type, typeName, NetlinkRequest.NLM_F_DUMP, family.word() + " " + what, out -> header(out, family));
    }

    private static void header(ByteBuffer out, Family family) {
        out.put((byte) family.number).put((byte) 0).putShort((short) 0);
    }
}
