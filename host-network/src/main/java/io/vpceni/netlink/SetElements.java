package io.vpceni.netlink;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/// Requests for the elements of nftables sets; `linux/netfilter/nf_tables.h`. Send them over a socket of
/// [NetlinkSocket#openNetfilter], changes with [NetlinkSocket#transaction].
///
/// libnftables takes fifty times as long for one element, and even longer when another program has large interval
/// sets.
public final class SetElements {

    /// `NFNL_SUBSYS_NFTABLES`, `linux/netfilter/nfnetlink.h`.
    private static final int SUBSYSTEM = 10;

    static final int NFT_MSG_NEWSETELEM = (SUBSYSTEM << 8) | 12;
    private static final int NFT_MSG_GETSETELEM = (SUBSYSTEM << 8) | 13;
    private static final int NFT_MSG_DELSETELEM = (SUBSYSTEM << 8) | 14;

    private static final int NFNL_MSG_BATCH_BEGIN = 0x10;
    private static final int NFNL_MSG_BATCH_END = 0x11;

    private static final int NFTA_SET_ELEM_LIST_TABLE = 1;
    private static final int NFTA_SET_ELEM_LIST_SET = 2;
    private static final int NFTA_SET_ELEM_LIST_ELEMENTS = 3;
    private static final int NFTA_LIST_ELEM = 1;
    private static final int NFTA_SET_ELEM_KEY = 1;
    private static final int NFTA_SET_ELEM_EXPR = 7;
    private static final int NFTA_DATA_VALUE = 1;
    private static final int NFTA_EXPR_DATA = 2;
    private static final int NFTA_COUNTER_PACKETS = 2;

    /// `NLA_F_NESTED`, `linux/netlink.h`: nftables sets it on attributes that contain attributes.
    private static final int NESTED = 1 << 15;

    private SetElements() {}

    /// The packets that a table sees: `NFPROTO_*`, `linux/netfilter.h`.
    public enum Family {
        IP(2),
        IP6(10),
        ARP(3);

        private final byte number;

        Family(int number) {
            this.number = (byte) number;
        }
    }

    /// The name of a table.
    ///
    /// @param name up to 255 characters
    public record TableName(Family family, String name) {}

    /// The name of a set.
    public record SetName(TableName table, String set) {}

    /// An element of a set whose elements count the packets that matched them.
    ///
    /// @param linkIndex first field of its key
    public record Counted(int linkIndex, long packets) {}

    /// A key of type `iface_index`: in host byte order.
    public static byte[] key(int linkIndex) {
        return ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(linkIndex)
                .array();
    }

    /// A key of type `iface_index . ipv4_addr`: each field is padded to four bytes.
    ///
    /// @throws IllegalArgumentException for an IPv6 address
    public static byte[] key(int linkIndex, InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length != Integer.BYTES) {
            throw new IllegalArgumentException(address.getHostAddress() + " is not an IPv4 address");
        }
        return ByteBuffer.allocate(2 * Integer.BYTES)
                .put(key(linkIndex))
                .put(bytes)
                .array();
    }

    /// Equivalent to: `nft add element <family> <table> <set> { <key> }`. No error if it exists. ENOENT: there
    /// is no such set.
    public static NetlinkRequest add(SetName set, byte[] key) {
        return NetlinkRequest.of(
                NFT_MSG_NEWSETELEM,
                "NFT_MSG_NEWSETELEM",
                NetlinkRequest.NLM_F_CREATE,
                set.toString(),
                out -> putElement(out, set, key));
    }

    /// Equivalent to: `nft delete element <family> <table> <set> { <key> }`. ENOENT: there is no such set or
    /// element.
    public static NetlinkRequest delete(SetName set, byte[] key) {
        return NetlinkRequest.of(
                NFT_MSG_DELSETELEM, "NFT_MSG_DELSETELEM", 0, set.toString(), out -> putElement(out, set, key));
    }

    /// Equivalent to: `nft list set <family> <table> <set>`. ENOENT: there is no such set.
    static NetlinkRequest list(SetName set) {
        return NetlinkRequest.of(
                NFT_MSG_GETSETELEM,
                "NFT_MSG_GETSETELEM",
                NetlinkRequest.NLM_F_DUMP,
                set.toString(),
                out -> putSet(out, set));
    }

    /// The message before and after the requests of a transaction.
    static NetlinkRequest batchBegin() {
        return batch(NFNL_MSG_BATCH_BEGIN, "NFNL_MSG_BATCH_BEGIN");
    }

    static NetlinkRequest batchEnd() {
        return batch(NFNL_MSG_BATCH_END, "NFNL_MSG_BATCH_END");
    }

    /// `res_id` names the subsystem.
    private static NetlinkRequest batch(int type, String typeName) {
        return NetlinkRequest.of(type, typeName, 0, "nftables", out -> putHeader(out, (byte) 0, SUBSYSTEM));
    }

    private static void putElement(ByteBuffer out, SetName set, byte[] key) {
        putSet(out, set);
        Attributes.nest(
                out,
                NESTED | NFTA_SET_ELEM_LIST_ELEMENTS,
                elements -> Attributes.nest(
                        elements,
                        NESTED | NFTA_LIST_ELEM,
                        element -> Attributes.nest(
                                element,
                                NESTED | NFTA_SET_ELEM_KEY,
                                data -> Attributes.put(data, NFTA_DATA_VALUE, key))));
    }

    private static void putSet(ByteBuffer out, SetName set) {
        putHeader(out, set.table().family().number, 0);
        Attributes.putText(out, NFTA_SET_ELEM_LIST_TABLE, set.table().name());
        Attributes.putText(out, NFTA_SET_ELEM_LIST_SET, set.set());
    }

    /// `struct nfgenmsg`: `__u8 nfgen_family; __u8 version; __be16 res_id;`
    private static void putHeader(ByteBuffer out, byte family, int resource) {
        out.put(family).put((byte) 0).put((byte) (resource >> 8)).put((byte) resource);
    }

    /// Reads the body of NFT_MSG_NEWSETELEM: `struct nfgenmsg`, then attributes.
    static List<Counted> decode(ByteBuffer in) {
        return Attributes.decode(in.position(in.position() + 4)).each(NFTA_SET_ELEM_LIST_ELEMENTS).stream()
                .map(SetElements::element)
                .toList();
    }

    private static Counted element(Attributes element) {
        int linkIndex = element.nested(NFTA_SET_ELEM_KEY)
                .map(data -> data.integer(NFTA_DATA_VALUE, 0))
                .orElseThrow(() -> new IllegalArgumentException("an element without a key"));
        long packets = element.nested(NFTA_SET_ELEM_EXPR)
                .flatMap(expression -> expression.nested(NFTA_EXPR_DATA))
                .flatMap(counter -> counter.bytes(NFTA_COUNTER_PACKETS))
                .map(bytes -> ByteBuffer.wrap(bytes).getLong()) // network byte order, as all of nftables' numbers
                .orElse(0L);
        return new Counted(linkIndex, packets);
    }
}
