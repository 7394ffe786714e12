package io.vpceni.cni;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;

/// The messages of `rpc/src/main/protobuf/vpceni/v1/cni.proto` on the wire (protobuf encoding), by hand: generated code
/// would be larger than the plugin. Tested against the generated code.
final class CniMessages {
    /// Incremented when the meaning of a message changes; new fields alone do not change it.
    private static final int PROTOCOL = 1;

    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED_32 = 5;

    /// What the plugin reads of a `CniAnswer`.
    record Answer(int exitCode, byte[] stdout) {}

    /// One CNI_* variable.
    record EnvironmentVariable(String name, String value) {}

    private CniMessages() {}

    /// The part of a `CniRequest` that is the same in every try.
    ///
    /// @param beganNanos start of this execution by CLOCK_MONOTONIC; 0 when unknown
    static void request(
            Bytes out, List<EnvironmentVariable> environment, byte[] stdin, int stdinLength, long beganNanos) {
        tag(out, 1, VARINT);
        varint(out, PROTOCOL);
        for (EnvironmentVariable variable : environment) {
            byte[] name = variable.name().getBytes(UTF_8);
            byte[] value = variable.value().getBytes(UTF_8);
            tag(out, 2, BYTES);
            varint(out, 2 + varintLength(name.length) + name.length + varintLength(value.length) + value.length);
            bytes(out, 1, name, name.length);
            bytes(out, 2, value, value.length);
        }
        bytes(out, 3, stdin, stdinLength);
        if (beganNanos != 0) {
            tag(out, 6, VARINT);
            varint(out, beganNanos);
        }
    }

    /// The rest: the network namespace in this try.
    ///
    /// @param nonce sent with the descriptor; empty when none was
    /// @param errno 0 when CNI_NETNS could be opened or was not given
    static void namespace(Bytes out, byte[] nonce, int errno) {
        if (nonce.length > 0) {
            bytes(out, 4, nonce, nonce.length);
        }
        if (errno != 0) {
            tag(out, 5, VARINT);
            varint(out, errno);
        }
    }

    /// Reads a `CniAnswer`; fields that it does not know are skipped.
    ///
    /// @throws CallFailure when the bytes are not a `CniAnswer`, or of a later protocol
    static Answer answer(byte[] message, int from, int length) throws CallFailure {
        int end = from + length;
        int[] at = {from};
        int exitCode = 0;
        byte[] stdout = {};
        while (at[0] < end) {
            long tag = readVarint(message, at, end);
            int field = (int) (tag >> 3);
            switch ((int) (tag & 7)) {
                case VARINT -> {
                    long value = readVarint(message, at, end);
                    checkProtocol(field, value);
                    exitCode = field == 2 ? exitCode(value) : exitCode;
                }
                case BYTES -> {
                    int count = skip(at, end, readVarint(message, at, end));
                    stdout = field == 3 ? copy(message, at[0] - count, count) : stdout;
                }
                case FIXED_64 -> skip(at, end, 8);
                case FIXED_32 -> skip(at, end, 4);
                default -> throw CallFailure.broken("ipamd's answer is not a protobuf message");
            }
        }
        return new Answer(exitCode, stdout);
    }

    private static void checkProtocol(int field, long value) throws CallFailure {
        if (field == 1 && (value < 0 || value > PROTOCOL)) {
            throw CallFailure.broken("ipamd answers in version " + value + " of the protocol between plugin and ipamd,"
                    + " and this plugin knows version " + PROTOCOL + ": install the plugin of ipamd's release");
        }
    }

    /// An exit code has eight bits: a larger code must not become 0.
    private static int exitCode(long value) {
        return value >= 0 && value <= 255 ? (int) value : 1;
    }

    private static void bytes(Bytes out, int field, byte[] value, int length) {
        tag(out, field, BYTES);
        varint(out, length);
        out.add(value, 0, length);
    }

    private static void tag(Bytes out, int field, int type) {
        varint(out, (field << 3) | type);
    }

    private static void varint(Bytes out, long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.add((int) (rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.add((int) rest);
    }

    private static int varintLength(int value) {
        int length = 1;
        for (int rest = value; (rest & ~0x7f) != 0; rest >>>= 7) {
            length++;
        }
        return length;
    }

    private static long readVarint(byte[] message, int[] at, int end) throws CallFailure {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (at[0] >= end) {
                break;
            }
            byte next = message[at[0]++];
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw CallFailure.broken("ipamd's answer is truncated");
    }

    private static int skip(int[] at, int end, long count) throws CallFailure {
        if (count < 0 || count > end - at[0]) {
            throw CallFailure.broken("ipamd's answer is truncated");
        }
        at[0] += (int) count;
        return (int) count;
    }

    private static byte[] copy(byte[] message, int from, int count) {
        byte[] value = new byte[count];
        System.arraycopy(message, from, value, 0, count);
        return value;
    }
}
