package io.vpceni.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// NFT_MSG_NEWGEN, `linux/netfilter/nf_tables.h`: the nftables rule set that is in force in a network namespace.
///
/// @param id incremented by each transaction that is carried out, and by nothing else
/// @param threadId of the thread that made the transaction, or of the thread that asks. In the outermost process
///     id namespace, whatever namespace that thread is in
public record RuleSetGeneration(int id, int threadId) {

    private static final int SUBSYSTEM = 10; // NFNL_SUBSYS_NFTABLES, linux/netfilter/nfnetlink.h

    static final int NFT_MSG_NEWGEN = SUBSYSTEM << 8 | 15;
    private static final int NFT_MSG_GETGEN = SUBSYSTEM << 8 | 16;

    private static final int NFGENMSG_BYTES = 4; // struct nfgenmsg { __u8 nfgen_family, version; __be16 res_id; }
    private static final int NFTA_GEN_ID = 1;
    private static final int NFTA_GEN_PROC_PID = 2;

    static NetlinkRequest get() {
        return NetlinkRequest.of(
                NFT_MSG_GETGEN, "NFT_MSG_GETGEN", 0, "nftables", out -> out.put(new byte[NFGENMSG_BYTES]));
    }

    static RuleSetGeneration decode(ByteBuffer body) {
        Attributes attributes = Attributes.decode(body.position(NFGENMSG_BYTES));
        return new RuleSetGeneration(number(attributes, NFTA_GEN_ID), number(attributes, NFTA_GEN_PROC_PID));
    }

    /// `__be32`.
    private static int number(Attributes attributes, int type) {
        byte[] bytes = attributes
                .bytes(type)
                .filter(value -> value.length == Integer.BYTES)
                .orElseThrow(() -> new IllegalArgumentException("NFT_MSG_NEWGEN without attribute " + type));
        return ByteBuffer.wrap(bytes).order(ByteOrder.BIG_ENDIAN).getInt();
    }
}
