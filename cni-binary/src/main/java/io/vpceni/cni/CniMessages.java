package io.vpceni.cni;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;

/// The messages of `rpc/src/main/protobuf/vpceni/v1/cni.proto` on the wire (protobuf encoding), by hand: generated code
/// would be larger than the plugin. Tested against the generated code.
final class CniMessages {
    private static final int PROTOCOL = 1;
    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED_32 = 5;

    /// What the plugin reads of a `CniAnswer`.
    record Answer(int exitCode, byte[] stdout) {}

    /// One CNI_* variable.
    record Variable(String name, String value) {}

    private CniMessages() {}

    /// A `CniRequest`.
    ///
    /// @param nonce empty when no descriptor was sent
    /// @param netnsErrno 0 when CNI_NETNS could be opened or was not given
    /// @param beganNanos when this execution began, by CLOCK_MONOTONIC; 0 when nobody knows
    static byte[] request(List<Variable> environment, byte[] stdin, byte[] nonce, int netnsErrno, long beganNanos) {
        Bytes out = new Bytes(Plugin.REQUEST_BYTES_MAX);
        tag(out, 1, VARINT);
        varint(out, PROTOCOL);
        for (Variable variable : environment) {
            Bytes one = new Bytes(Plugin.REQUEST_BYTES_MAX);
            bytes(one, 1, variable.name().getBytes(UTF_8));
            bytes(one, 2, variable.value().getBytes(UTF_8));
            bytes(out, 2, one.toArray());
        }
        bytes(out, 3, stdin);
        if (nonce.length > 0) {
            bytes(out, 4, nonce);
        }
        if (netnsErrno != 0) {
            tag(out, 5, VARINT);
            varint(out, netnsErrno);
        }
        if (beganNanos != 0) {
            tag(out, 6, VARINT);
            varint(out, beganNanos);
        }
        return out.toArray();
    }

    /// Reads a `CniAnswer`; fields that it does not know are skipped.
    ///
    /// @throws CallFailure when the bytes are none
    static Answer answer(byte[] message) throws CallFailure {
        int[] at = {0};
        int exitCode = 0;
        byte[] stdout = {};
        while (at[0] < message.length) {
            long tag = readVarint(message, at);
            int field = (int) (tag >> 3);
            switch ((int) (tag & 7)) {
                case VARINT -> {
                    long value = readVarint(message, at);
                    exitCode = field == 2 ? exitCode(value) : exitCode;
                }
                case BYTES -> {
                    byte[] value = readBytes(message, at, readVarint(message, at));
                    stdout = field == 3 ? value : stdout;
                }
                case FIXED_64 -> readBytes(message, at, 8);
                case FIXED_32 -> readBytes(message, at, 4);
                default -> throw CallFailure.broken("ipamd's answer is no protobuf message");
            }
        }
        return new Answer(exitCode, stdout);
    }

    /// The kernel keeps eight bits: what does not fit must not turn into success.
    private static int exitCode(long value) {
        return value >= 0 && value <= 255 ? (int) value : 1;
    }

    private static void bytes(Bytes out, int field, byte[] value) {
        tag(out, field, BYTES);
        varint(out, value.length);
        out.add(value);
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

    private static long readVarint(byte[] message, int[] at) throws CallFailure {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (at[0] >= message.length) {
                break;
            }
            byte next = message[at[0]++];
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw CallFailure.broken("ipamd's answer ends in the middle");
    }

    private static byte[] readBytes(byte[] message, int[] at, long count) throws CallFailure {
        if (count < 0 || count > message.length - at[0]) {
            throw CallFailure.broken("ipamd's answer ends in the middle");
        }
        byte[] value = new byte[(int) count];
        System.arraycopy(message, at[0], value, 0, value.length);
        at[0] += value.length;
        return value;
    }
}
