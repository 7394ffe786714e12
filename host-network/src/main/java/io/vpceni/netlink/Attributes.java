package io.vpceni.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/// `struct rtattr` lists: `__u16 rta_len; __u16 rta_type;` and the value, padded to 4 bytes (`linux/rtnetlink.h`).
final class Attributes {

    private static final int HEADER_BYTES = 4;

    /// `NLA_F_NESTED` and `NLA_F_NET_BYTEORDER`, `linux/netlink.h`: flags in the type's upper bits.
    private static final int TYPE_MASK = 0x3fff;

    /// `NLA_F_NESTED`: newer messages need it on an attribute that contains attributes.
    static final int NESTED = 0x8000;

    private final TreeMap<Integer, ByteBuffer> values = new TreeMap<>();

    private Attributes() {}

    static void put(ByteBuffer out, int type, byte[] value) {
        out.putShort((short) (HEADER_BYTES + value.length))
                .putShort((short) type)
                .put(value);
        pad(out);
    }

    /// A `__u32` in host byte order.
    static void putInt(ByteBuffer out, int type, int value) {
        out.putShort((short) (HEADER_BYTES + Integer.BYTES))
                .putShort((short) type)
                .putInt(value);
    }

    /// Text with its ending NUL.
    static void putText(ByteBuffer out, int type, String text) {
        put(out, type, (text + "\0").getBytes(StandardCharsets.UTF_8));
    }

    /// An attribute that contains attributes.
    static void nest(ByteBuffer out, int type, Consumer<ByteBuffer> inner) {
        int start = out.position();
        out.putShort((short) 0).putShort((short) type);
        inner.accept(out);
        out.putShort(start, (short) (out.position() - start));
    }

    private static void pad(ByteBuffer out) {
        while (out.position() % HEADER_BYTES != 0) {
            out.put((byte) 0);
        }
    }

    /// Reads the rest of the buffer. If an attribute occurs twice, the last one counts.
    ///
    /// @throws IllegalArgumentException when a length does not fit
    static Attributes decode(ByteBuffer in) {
        Attributes attributes = new Attributes();
        while (in.remaining() >= HEADER_BYTES) {
            int length = Short.toUnsignedInt(in.getShort(in.position()));
            int type = in.getShort(in.position() + Short.BYTES) & TYPE_MASK;
            if (length < HEADER_BYTES || length > in.remaining()) {
                throw new IllegalArgumentException("attribute " + type + " of " + length + " bytes");
            }
            attributes.values.put(
                    type,
                    in.slice(in.position() + HEADER_BYTES, length - HEADER_BYTES)
                            .order(ByteOrder.nativeOrder()));
            in.position(
                    Math.min(in.limit(), in.position() + (length + HEADER_BYTES - 1) / HEADER_BYTES * HEADER_BYTES));
        }
        return attributes;
    }

    Set<Integer> types() {
        return Collections.unmodifiableSet(values.keySet());
    }

    Optional<byte[]> bytes(int type) {
        return Optional.ofNullable(values.get(type)).map(value -> {
            byte[] bytes = new byte[value.remaining()];
            value.get(0, bytes);
            return bytes;
        });
    }

    int integer(int type, int otherwise) {
        ByteBuffer value = values.get(type);
        return value == null || value.remaining() < Integer.BYTES ? otherwise : value.getInt(0);
    }

    /// Empty when absent.
    String text(int type) {
        return bytes(type)
                .map(bytes -> {
                    int end = 0;
                    while (end < bytes.length && bytes[end] != 0) {
                        end++;
                    }
                    return new String(bytes, 0, end, StandardCharsets.UTF_8);
                })
                .orElse("");
    }

    Optional<Attributes> nested(int type) {
        return Optional.ofNullable(values.get(type))
                .map(value -> decode(value.duplicate().order(ByteOrder.nativeOrder())));
    }

    /// For an attribute that is a list: the attributes of each member, in order.
    List<Attributes> each(int type) {
        ByteBuffer list = values.get(type);
        List<Attributes> members = new ArrayList<>();
        if (list == null) {
            return members;
        }
        ByteBuffer in = list.duplicate().order(ByteOrder.nativeOrder());
        while (in.remaining() >= HEADER_BYTES) {
            int length = Short.toUnsignedInt(in.getShort(in.position()));
            if (length < HEADER_BYTES || length > in.remaining()) {
                throw new IllegalArgumentException("a member of attribute " + type + " of " + length + " bytes");
            }
            members.add(decode(in.slice(in.position() + HEADER_BYTES, length - HEADER_BYTES)
                    .order(ByteOrder.nativeOrder())));
            in.position(Math.min(in.limit(), in.position() + (length + 3) / 4 * 4));
        }
        return members;
    }
}
