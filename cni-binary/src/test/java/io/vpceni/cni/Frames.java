package io.vpceni.cni;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.protobuf.InvalidProtocolBufferException;
import com.twitter.hpack.Decoder;
import com.twitter.hpack.Encoder;
import io.vpceni.rpc.CniRequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// HTTP/2 frames as a server writes them, and reads them. Headers are Huffman-coded where that is shorter.
final class Frames {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PUSH_PROMISE = 5;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int END_STREAM = 1;
    static final int ACK = 1;
    static final int END_HEADERS = 4;
    static final int PADDED = 8;
    static final int PRIORITY_FLAG = 32;

    private static final int PREFACE_BYTES = 24;

    /// One frame that was sent.
    record Sent(int type, int flags, int stream, byte[] payload) {}

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Encoder encoder = new Encoder(4096);

    Frames frame(int type, int flags, int stream, byte... payload) {
        out.writeBytes(head(payload.length, type, flags, stream));
        out.writeBytes(payload);
        return this;
    }

    Frames raw(byte... bytes) {
        out.writeBytes(bytes);
        return this;
    }

    /// Identifiers and values.
    Frames settings(int... pairs) {
        ByteBuffer payload = ByteBuffer.allocate(pairs.length * 3);
        for (int i = 0; i < pairs.length; i += 2) {
            payload.putShort((short) pairs[i]).putInt(pairs[i + 1]);
        }
        return frame(SETTINGS, 0, 0, payload.array());
    }

    Frames windowUpdate(int stream, int increment) {
        return frame(WINDOW_UPDATE, 0, stream, number(increment));
    }

    Frames responseHeaders() {
        return frame(HEADERS, END_HEADERS, 1, block(":status", "200", "content-type", "application/grpc"));
    }

    Frames data(byte[] bytes) {
        return frame(DATA, 0, 1, bytes);
    }

    Frames trailers(String... namesAndValues) {
        return frame(HEADERS, END_HEADERS | END_STREAM, 1, block(namesAndValues));
    }

    byte[] block(String... namesAndValues) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        try {
            for (int i = 0; i < namesAndValues.length; i += 2) {
                encoder.encodeHeader(
                        block, namesAndValues[i].getBytes(US_ASCII), namesAndValues[i + 1].getBytes(US_ASCII), false);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return block.toByteArray();
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    static byte[] head(int length, int type, int flags, int stream) {
        return ByteBuffer.allocate(9)
                .put((byte) (length >> 16))
                .putShort((short) length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .array();
    }

    static byte[] number(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    static byte[] grpc(byte[] message) {
        return ByteBuffer.allocate(5 + message.length)
                .put((byte) 0)
                .putInt(message.length)
                .put(message)
                .array();
    }

    /// A whole answer as ipamd gives it.
    static byte[] answering(byte[] message) {
        return new Frames()
                .settings()
                .responseHeaders()
                .data(grpc(message))
                .trailers("grpc-status", "0")
                .bytes();
    }

    /// The frames behind the client's preface.
    static List<Sent> sent(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes, PREFACE_BYTES, bytes.length - PREFACE_BYTES);
        List<Sent> frames = new ArrayList<>();
        while (in.hasRemaining()) {
            int length = ((in.get() & 0xff) << 16) | (in.getShort() & 0xffff);
            int type = in.get();
            int flags = in.get();
            int stream = in.getInt();
            byte[] payload = new byte[length];
            in.get(payload);
            frames.add(new Sent(type, flags, stream, payload));
        }
        return frames;
    }

    /// The request's DATA, put together.
    static byte[] sentData(byte[] bytes) {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        sent(bytes).stream().filter(frame -> frame.type() == DATA).forEach(frame -> data.writeBytes(frame.payload()));
        return data.toByteArray();
    }

    static CniRequest sentRequest(byte[] bytes) {
        byte[] data = sentData(bytes);
        try {
            return CniRequest.parseFrom(Arrays.copyOfRange(data, 5, data.length));
        } catch (InvalidProtocolBufferException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Map<String, String> sentHeaders(byte[] bytes) {
        Map<String, String> headers = new LinkedHashMap<>();
        Decoder decoder = new Decoder(8192, 4096);
        for (Sent frame : sent(bytes)) {
            if (frame.type() == HEADERS) {
                try {
                    decoder.decode(
                            new ByteArrayInputStream(frame.payload()),
                            (name, value, _) -> headers.put(new String(name, US_ASCII), new String(value, US_ASCII)));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                decoder.endHeaderBlock();
            }
        }
        return headers;
    }
}
