package io.vpceni.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import jnr.constants.platform.linux.Errno;

/// Reads the tables of iptables' legacy back end (`linux/netfilter_ipv4/ip_tables.h`).
///
/// Asking the kernel for a table creates it. So ask only for tables that `/proc/net/ip_tables_names` lists.
public final class LegacyTables {

    private static final int AF_INET = 2;
    private static final int SOCK_DGRAM_CLOSED_ON_EXEC = 2 | 0x80000;
    private static final int SOL_IP = 0;
    private static final int IPT_SO_GET_INFO = 64;
    private static final int IPT_SO_GET_ENTRIES = 65;
    private static final int NAME_BYTES = 32;

    /// `struct ipt_getinfo`: `char name[32]; unsigned int valid_hooks, hook_entry[5], underflow[5], num_entries, size;`
    private static final int INFO_BYTES = 84;

    private static final int INFO_HOOK_ENTRY_OFFSET = 36;
    private static final int INFO_UNDERFLOW_OFFSET = 56;
    private static final int INFO_SIZE_OFFSET = 80;
    private static final int NF_INET_FORWARD = 2;

    /// The table with the chain FORWARD that filters packets.
    public static final String FILTER = "filter";

    /// `struct ipt_get_entries`: `char name[32]; unsigned int size;` and the entries, aligned to 8.
    private static final int ENTRIES_OFFSET = 40;

    /// About 20,000 rules.
    private static final int ENTRIES_BYTES_MAX = 8 << 20;

    private LegacyTables() {}

    /// Whether a chain or comment of the table contains this text. In the calling thread's namespace.
    ///
    /// @param table for example `nat`
    /// @throws NetlinkFailure also when the table is too large (EFBIG)
    public static boolean mentions(String table, String text) throws NetlinkFailure {
        ByteBuffer entries = read(table).entries();
        byte[] bytes = new byte[entries.remaining()];
        entries.get(0, bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1).contains(text);
    }

    /// The chain FORWARD of the table `filter`. The table must exist: see the note of the class. In the
    /// calling thread's namespace.
    public static ForwardChain forward() throws NetlinkFailure {
        LegacyFilter filter = read(FILTER);
        return new LegacyForwardChain(
                filter.entries(),
                filter.info().getInt(INFO_HOOK_ENTRY_OFFSET + NF_INET_FORWARD * Integer.BYTES),
                filter.info().getInt(INFO_UNDERFLOW_OFFSET + NF_INET_FORWARD * Integer.BYTES));
    }

    /// @param info `struct ipt_getinfo`
    /// @param entries from the first `struct ipt_entry` on
    private record LegacyFilter(ByteBuffer info, ByteBuffer entries) {}

    private static LegacyFilter read(String table) throws NetlinkFailure {
        int fd = (int)
                Syscalls.call("socket", "AF_INET", () -> Syscalls.LIBC.socket(AF_INET, SOCK_DGRAM_CLOSED_ON_EXEC, 0));
        try {
            ByteBuffer info = named(table, INFO_BYTES);
            get(fd, table, IPT_SO_GET_INFO, info);
            int size = info.getInt(INFO_SIZE_OFFSET);
            if (size < 0 || size > ENTRIES_BYTES_MAX) {
                throw new NetlinkFailure(
                        Errno.EFBIG.intValue(), "getsockopt", "iptables " + table, size + " bytes of rules");
            }
            ByteBuffer entries = named(table, ENTRIES_OFFSET + size).putInt(NAME_BYTES, size);
            get(fd, table, IPT_SO_GET_ENTRIES, entries);
            return new LegacyFilter(info, entries.slice(ENTRIES_OFFSET, size).order(ByteOrder.nativeOrder()));
        } finally {
            Syscalls.close(fd);
        }
    }

    private static ByteBuffer named(String table, int bytes) {
        return ByteBuffer.allocateDirect(bytes)
                .order(ByteOrder.nativeOrder())
                .put(0, table.getBytes(StandardCharsets.US_ASCII));
    }

    private static void get(int fd, String table, int option, ByteBuffer value) throws NetlinkFailure {
        ByteBuffer length = ByteBuffer.allocateDirect(Integer.BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(0, value.capacity());
        var _ = Syscalls.call(
                "getsockopt", "iptables " + table, () -> Syscalls.LIBC.getsockopt(fd, SOL_IP, option, value, length));
    }
}
