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
import java.util.List;
import java.util.Optional;

/// Expressions of nftables' rules (`linux/netfilter/nf_tables.h`).
final class NftExpressions {

    private static final int NFTA_META_DREG = 1;
    private static final int NFTA_META_KEY = 2;
    private static final int NFTA_CT_DREG = 1;
    private static final int NFTA_CT_KEY = 2;
    private static final int NFTA_BITWISE_SREG = 1;
    private static final int NFTA_BITWISE_DREG = 2;
    private static final int NFTA_BITWISE_LEN = 3;
    private static final int NFTA_BITWISE_MASK = 4;
    private static final int NFTA_BITWISE_XOR = 5;
    private static final int NFTA_CMP_SREG = 1;
    private static final int NFTA_CMP_OP = 2;
    private static final int NFTA_CMP_DATA = 3;
    private static final int NFT_CMP_EQ = 0;
    private static final int NFT_CMP_NEQ = 1;
    private static final int NFTA_IMMEDIATE_DREG = 1;
    private static final int NFTA_IMMEDIATE_DATA = 2;
    private static final int NFTA_LOOKUP_DREG = 3;
    private static final int NFTA_DATA_VALUE = 1;
    private static final int NFTA_DATA_VERDICT = 2;
    private static final int NFTA_VERDICT_CODE = 1;
    private static final int NFTA_VERDICT_CHAIN = 2;
    private static final int NFTA_MATCH_NAME = 1;
    private static final int NFTA_MATCH_INFO = 3;
    private static final int NFTA_TARGET_NAME = 1;
    private static final int NFTA_OBJREF_IMM_TYPE = 1;
    private static final int NFT_OBJECT_COUNTER = 1;

    /// `NFT_REG_VERDICT`.
    private static final int REGISTER_OF_VERDICTS = 0;

    private NftExpressions() {}

    /// @param data empty: the expression has none, for example `reject`
    static List<FilterExpression> decode(String name, Optional<Attributes> data) {
        Attributes of =
                data.orElseGet(() -> Attributes.decode(ByteBuffer.allocate(0).order(ByteOrder.nativeOrder())));
        return switch (name) {
            case "meta" -> load(of, NFTA_META_DREG, meta(NftDump.number(of, NFTA_META_KEY, -1)));
            case "ct" -> load(of, NFTA_CT_DREG, connection(NftDump.number(of, NFTA_CT_KEY, -1)));
            case "bitwise" -> List.of(bitwise(of));
            case "cmp" -> List.of(compare(of));
            case "immediate" -> immediate(of);
            case "lookup" ->
                NftDump.number(of, NFTA_LOOKUP_DREG, -1) == REGISTER_OF_VERDICTS
                        ? List.of(new Unread(), new Verdict(Fate.UNKNOWN, ""))
                        : List.of(new Unread());
            case "reject" -> List.of(new Verdict(Fate.DROP, ""));
            case "queue" -> List.of(new Verdict(Fate.UNKNOWN, ""));
            case "match" ->
                XtExtensions.match(
                        of.text(NFTA_MATCH_NAME), of.bytes(NFTA_MATCH_INFO).orElse(new byte[0]));
            case "target" -> XtExtensions.target(of.text(NFTA_TARGET_NAME));
            // what matches every packet and leaves it as it is
            case "counter", "log", "notrack", "last", "dup" -> List.of();
            case "objref" ->
                NftDump.number(of, NFTA_OBJREF_IMM_TYPE, -1) == NFT_OBJECT_COUNTER ? List.of() : List.of(new Unread());
            // everything else fills a register or matches some packets
            default -> List.of(new Unread());
        };
    }

    /// Without a register the expression sets a value and loads none.
    private static List<FilterExpression> load(Attributes of, int attribute, Field field) {
        int register = NftDump.number(of, attribute, -1);
        return register < 0 ? List.of() : List.of(new Load(register, field));
    }

    /// `enum nft_meta_keys`.
    private static Field meta(int key) {
        return switch (key) {
            case 3 -> Field.MARK;
            case 4 -> Field.IN_INDEX;
            case 5 -> Field.OUT_INDEX;
            case 6 -> Field.IN_NAME;
            case 7 -> Field.OUT_NAME;
            case 15 -> Field.FAMILY;
            default -> Field.OTHER;
        };
    }

    /// `enum nft_ct_keys`.
    private static Field connection(int key) {
        return switch (key) {
            case 0 -> Field.CONNECTION_STATE;
            case 2 -> Field.CONNECTION_STATUS;
            case 3 -> Field.CONNECTION_MARK;
            default -> Field.OTHER;
        };
    }

    private static FilterExpression bitwise(Attributes of) {
        int to = NftDump.number(of, NFTA_BITWISE_DREG, -1);
        Optional<Integer> mask = integer(of, NFTA_BITWISE_MASK);
        Optional<Integer> xor = integer(of, NFTA_BITWISE_XOR);
        if (NftDump.number(of, NFTA_BITWISE_LEN, 0) != Integer.BYTES || mask.isEmpty() || xor.isEmpty()) {
            return new Load(to, Field.OTHER);
        }
        return new Mask(NftDump.number(of, NFTA_BITWISE_SREG, -1), to, mask.get(), xor.get());
    }

    private static Optional<Integer> integer(Attributes of, int attribute) {
        return of.nested(attribute)
                .flatMap(data -> data.bytes(NFTA_DATA_VALUE))
                .filter(bytes -> bytes.length == Integer.BYTES)
                .map(bytes ->
                        ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getInt());
    }

    private static FilterExpression compare(Attributes of) {
        int operator = NftDump.number(of, NFTA_CMP_OP, -1);
        Optional<byte[]> bytes = of.nested(NFTA_CMP_DATA).flatMap(data -> data.bytes(NFTA_DATA_VALUE));
        if ((operator != NFT_CMP_EQ && operator != NFT_CMP_NEQ) || bytes.isEmpty()) {
            return new Unread();
        }
        return new Compare(
                NftDump.number(of, NFTA_CMP_SREG, -1),
                operator == NFT_CMP_EQ,
                new String(bytes.get(), StandardCharsets.ISO_8859_1));
    }

    private static List<FilterExpression> immediate(Attributes of) {
        int register = NftDump.number(of, NFTA_IMMEDIATE_DREG, -1);
        if (register != REGISTER_OF_VERDICTS) {
            return List.of(new Load(register, Field.OTHER));
        }
        return of.nested(NFTA_IMMEDIATE_DATA)
                .flatMap(data -> data.nested(NFTA_DATA_VERDICT))
                .map(NftExpressions::verdict)
                .orElse(List.of(new Verdict(Fate.UNKNOWN, "")));
    }

    /// `enum nft_verdicts`, and `NF_DROP` and `NF_ACCEPT` of `linux/netfilter.h`.
    private static List<FilterExpression> verdict(Attributes verdict) {
        String chain = verdict.text(NFTA_VERDICT_CHAIN);
        return switch (NftDump.number(verdict, NFTA_VERDICT_CODE, Integer.MIN_VALUE)) {
            case 0 -> List.of(new Verdict(Fate.DROP, ""));
            case 1 -> List.of(new Verdict(Fate.ACCEPT, ""));
            case -1 -> List.of(); // NFT_CONTINUE
            case -3 -> List.of(new Verdict(Fate.JUMP, chain));
            case -4 -> List.of(new Verdict(Fate.GOTO, chain));
            case -5 -> List.of(new Verdict(Fate.RETURN, ""));
            default -> List.of(new Verdict(Fate.UNKNOWN, ""));
        };
    }
}
