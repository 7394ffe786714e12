package io.vpceni.network.firewall;

import io.vpceni.netlink.FilterExpression.Field;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The first packet of a connection, without a mark and not translated, as rules see it during forwarding.
///
/// @param in name of the link by which it arrives
/// @param out name of the link by which it leaves
record SamplePacket(String in, String out) {

    private static final int NAME_BYTES = 16; // IFNAMSIZ
    private static final int NFPROTO_IPV4 = 2;

    /// `NF_CT_STATE_BIT(IP_CT_NEW)`.
    private static final int NEW = 8;

    /// @return one byte for each character; empty: not the same for every such packet
    Optional<String> field(Field field) {
        return switch (field) {
            case IN_NAME -> Optional.of(padded(in));
            case OUT_NAME -> Optional.of(padded(out));
            case FAMILY -> Optional.of(Character.toString(NFPROTO_IPV4));
            case CONNECTION_STATE -> Optional.of(bytes(NEW));
            case MARK, CONNECTION_MARK, CONNECTION_STATUS -> Optional.of(bytes(0));
            case IN_INDEX, OUT_INDEX, OTHER -> Optional.empty();
        };
    }

    private static String padded(String name) {
        return name + "\0".repeat(Math.max(0, NAME_BYTES - name.length()));
    }

    static String bytes(int number) {
        byte[] bytes = new byte[Integer.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).putInt(number);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    static int number(String bytes) {
        return ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1))
                .order(ByteOrder.nativeOrder())
                .getInt();
    }
}
