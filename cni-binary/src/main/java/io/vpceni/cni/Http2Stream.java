package io.vpceni.cni;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.twitter.hpack.Decoder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// HTTP/2 (RFC 9113) with prior knowledge over a connected socket, for exactly one unary gRPC call.
///
/// Sends the preface, SETTINGS, HEADERS and DATA within the peer's windows; receives until the trailers. The peer's
/// window for us is opened once, wide enough for the largest answer, so it never needs another update.
///
/// The buffers are reused, so that a hundred failed tries need the memory of one.
final class Http2Stream {
    // Frame types (RFC 9113, section 6).
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PUSH_PROMISE = 5;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int WINDOW_UPDATE = 8;
    private static final int CONTINUATION = 9;

    // Frame flags.
    private static final int ACK = 1;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;
    private static final int PADDED = 8;
    private static final int PRIORITY = 32;

    // Settings (section 6.5.2).
    private static final int SETTINGS_ENABLE_PUSH = 2;
    private static final int SETTINGS_INITIAL_WINDOW_SIZE = 4;
    private static final int SETTINGS_MAX_FRAME_SIZE = 5;

    private static final int FRAME_HEADER_BYTES = 9;
    private static final int DEFAULT_WINDOW = 65_535;
    private static final int FRAME_BYTES_MAX = 16_384; // what we accept: the default; what we send: the least allowed
    private static final int STREAM = 1;
    private static final int HEADER_BYTES_MAX = 16_384;
    private static final int BEYOND_BYTES = 65_536; // of window: an answer that is too long is seen, not stalled
    private static final int HPACK_TABLE_BYTES = 4096; // the default, which the peer may assume
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);

    private final Wire wire;
    private final int answerBytesMax;
    private final Map<String, String> headers = new HashMap<>();
    private final Bytes body;
    private final Bytes out = new Bytes(4 * 1024);
    private final Frame frame = new Frame();
    private @Nullable Decoder decoder;
    private long connectionWindow;
    private long streamWindow;
    private long initialWindow;
    private int frameBytesMax;
    private boolean ended;

    /// The last frame received.
    private static final class Frame {
        private final byte[] head = new byte[FRAME_HEADER_BYTES];
        private final byte[] payload = new byte[FRAME_BYTES_MAX];

        int length() {
            return number(head, 0, 3);
        }

        int type() {
            return head[3] & 0xff;
        }

        boolean has(int flag) {
            return (head[4] & flag) != 0;
        }

        int stream() {
            return number(head, 5, 4) & 0x7fffffff;
        }
    }

    /// The answer: all headers and trailers, and the data. Valid until the next call.
    record Response(Map<String, String> headers, Bytes body) {}

    /// @param answerBytesMax data beyond which the call fails
    Http2Stream(Wire wire, int answerBytesMax) {
        this.wire = wire;
        this.answerBytesMax = answerBytesMax;
        this.body = new Bytes(answerBytesMax);
    }

    /// Sends the request and returns everything received until the end of the stream.
    ///
    /// @param requestHeaders name, value, name, value: in order, pseudo-headers first
    /// @throws CallFailure AWAY when the connection broke before the answer was complete
    Response call(String[] requestHeaders, Bytes data) throws CallFailure {
        reset();
        out.add(PREFACE);
        frameHeader(12, SETTINGS, 0, 0);
        out.addNumber(SETTINGS_ENABLE_PUSH, 2).addNumber(0, 4);
        out.addNumber(SETTINGS_INITIAL_WINDOW_SIZE, 2).addNumber(answerBytesMax + BEYOND_BYTES, 4);
        frameHeader(4, WINDOW_UPDATE, 0, 0);
        out.addNumber(answerBytesMax + BEYOND_BYTES, 4);
        int block = out.length();
        frameHeader(0, HEADERS, END_HEADERS, STREAM);
        headerBlock(requestHeaders);
        out.setNumber(block, out.length() - block - FRAME_HEADER_BYTES, 3);
        flush();
        sendData(data);
        while (!ended) {
            handle(receiveFrame());
        }
        return new Response(headers, body);
    }

    private void reset() {
        headers.clear();
        body.cutTo(0);
        out.cutTo(0);
        decoder = null;
        connectionWindow = DEFAULT_WINDOW;
        streamWindow = DEFAULT_WINDOW;
        initialWindow = DEFAULT_WINDOW;
        frameBytesMax = FRAME_BYTES_MAX;
        ended = false;
    }

    private void sendData(Bytes data) throws CallFailure {
        int sent = 0;
        do {
            long window = Math.min(connectionWindow, streamWindow);
            int count = (int) Math.min(data.length() - sent, Math.min(window, frameBytesMax));
            if (count <= 0 && data.length() > 0) {
                handle(receiveFrame()); // the peer opens its window
                if (ended) {
                    return; // it has heard enough
                }
                continue;
            }
            boolean last = sent + count == data.length();
            frameHeader(count, DATA, last ? END_STREAM : 0, STREAM);
            flush();
            wire.send(data.array(), sent, count);
            sent += count;
            connectionWindow -= count;
            streamWindow -= count;
        } while (sent < data.length());
    }

    private void flush() throws CallFailure {
        wire.send(out.array(), 0, out.length());
        out.cutTo(0);
    }

    private Frame receiveFrame() throws CallFailure {
        wire.receive(frame.head, FRAME_HEADER_BYTES);
        if (frame.length() > FRAME_BYTES_MAX) {
            throw CallFailure.broken("ipamd sent an HTTP/2 frame of " + frame.length() + " bytes");
        }
        wire.receive(frame.payload, frame.length());
        return frame;
    }

    private void handle(Frame frame) throws CallFailure {
        switch (frame.type()) {
            case DATA -> data(frame);
            case HEADERS -> headers(frame);
            case SETTINGS -> settings(frame);
            case PING -> ping(frame);
            case WINDOW_UPDATE -> windowUpdate(frame);
            case RST_STREAM -> reset(frame);
            case GOAWAY -> goAway(frame);
            case CONTINUATION -> throw CallFailure.broken("ipamd sent CONTINUATION without HEADERS");
            case PUSH_PROMISE -> throw CallFailure.broken("ipamd pushed, which the plugin forbids");
            default -> {} // unknown types are ignored (section 5.5)
        }
    }

    private void data(Frame frame) throws CallFailure {
        if (frame.stream() != STREAM) {
            throw CallFailure.broken("ipamd sent data on stream " + frame.stream());
        }
        int count = frame.length() - padding(frame, 0);
        if (count > answerBytesMax - body.length()) {
            throw CallFailure.broken("ipamd's answer has more than " + answerBytesMax + " bytes");
        }
        body.add(frame.payload, frame.has(PADDED) ? 1 : 0, count);
        ended = frame.has(END_STREAM);
    }

    private void headers(Frame frame) throws CallFailure {
        if (frame.stream() != STREAM) {
            throw CallFailure.broken("ipamd sent headers on stream " + frame.stream());
        }
        boolean last = frame.has(END_STREAM);
        int priority = frame.has(PRIORITY) ? 5 : 0;
        Bytes block = new Bytes(2 * HEADER_BYTES_MAX);
        block.add(
                frame.payload,
                priority + (frame.has(PADDED) ? 1 : 0),
                frame.length() - priority - padding(frame, priority));
        while (!frame.has(END_HEADERS)) {
            receiveFrame();
            if (frame.type() != CONTINUATION || frame.stream() != STREAM) {
                throw CallFailure.broken("ipamd interrupted a header block");
            }
            if (block.length() + frame.length() > HEADER_BYTES_MAX) {
                throw CallFailure.broken("ipamd sent more than " + HEADER_BYTES_MAX + " bytes of headers");
            }
            block.add(frame.payload, 0, frame.length());
        }
        decode(block);
        ended |= last;
    }

    private void decode(Bytes block) throws CallFailure {
        if (decoder == null) {
            decoder = new Decoder(HEADER_BYTES_MAX, HPACK_TABLE_BYTES);
        }
        try {
            decoder.decode(
                    new ByteArrayInputStream(block.array(), 0, block.length()),
                    (name, value, _) -> headers.put(new String(name, US_ASCII), new String(value, US_ASCII)));
            if (decoder.endHeaderBlock()) {
                throw CallFailure.broken("ipamd sent more than " + HEADER_BYTES_MAX + " bytes of headers");
            }
        } catch (IOException _) {
            throw CallFailure.broken("ipamd sent headers that are not HPACK");
        }
    }

    private void settings(Frame frame) throws CallFailure {
        if (frame.has(ACK)) {
            return;
        }
        byte[] payload = frame.payload;
        if (frame.length() % 6 != 0) {
            throw CallFailure.broken("ipamd sent broken SETTINGS");
        }
        for (int at = 0; at < frame.length(); at += 6) {
            int value = number(payload, at + 2, 4);
            switch (number(payload, at, 2)) {
                case SETTINGS_INITIAL_WINDOW_SIZE -> {
                    if (value < 0) {
                        throw CallFailure.broken("ipamd sent a window of more than 2^31-1 bytes");
                    }
                    streamWindow += value - initialWindow; // may become negative (section 6.9.2)
                    initialWindow = value;
                }
                case SETTINGS_MAX_FRAME_SIZE -> {
                    if (value < FRAME_BYTES_MAX || value >= 1 << 24) {
                        throw CallFailure.broken("ipamd sent SETTINGS_MAX_FRAME_SIZE " + value);
                    }
                    frameBytesMax = value;
                }
                default -> {} // the others bind what we do not do
            }
        }
        frameHeader(0, SETTINGS, ACK, 0);
        flush();
    }

    private void ping(Frame frame) throws CallFailure {
        want(frame, 8);
        if (!frame.has(ACK)) {
            frameHeader(8, PING, ACK, 0);
            out.add(frame.payload, 0, 8);
            flush();
        }
    }

    private void windowUpdate(Frame frame) throws CallFailure {
        want(frame, 4);
        int increment = number(frame.payload, 0, 4) & 0x7fffffff;
        if (frame.stream() == 0) {
            connectionWindow += increment;
        } else if (frame.stream() == STREAM) {
            streamWindow += increment;
        }
    }

    /// A peer that stops still answers streams up to the last one it names (section 6.8).
    private static void goAway(Frame frame) throws CallFailure {
        if (frame.length() < 8) {
            throw CallFailure.broken("ipamd sent a broken GOAWAY");
        }
        if ((number(frame.payload, 0, 4) & 0x7fffffff) < STREAM) {
            throw CallFailure.away("ipamd is stopping (GOAWAY)");
        }
    }

    private static void reset(Frame frame) throws CallFailure {
        want(frame, 4);
        if (frame.stream() != STREAM) {
            return;
        }
        int code = number(frame.payload, 0, 4);
        // REFUSED_STREAM: nothing was done; CANCEL: ipamd gave the call up while stopping (section 7).
        throw code == 7 || code == 8
                ? CallFailure.away("ipamd refused the call (RST_STREAM " + code + ")")
                : CallFailure.broken("ipamd reset the call (RST_STREAM " + code + ")");
    }

    /// How many bytes of a frame are its padding and the padding's length.
    ///
    /// @param others bytes that are neither padding nor content
    private static int padding(Frame frame, int others) throws CallFailure {
        int padding = 0;
        if (frame.has(PADDED)) {
            padding = frame.length() == 0 ? 1 : 1 + (frame.payload[0] & 0xff);
        }
        if (padding + others > frame.length()) {
            throw CallFailure.broken("ipamd sent a frame that is all padding");
        }
        return padding;
    }

    /// Literal fields without indexing and without Huffman (RFC 7541, section 6.2.2): any peer reads them.
    private void headerBlock(String[] namesAndValues) {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            out.add(0);
            literal(namesAndValues[i]);
            literal(namesAndValues[i + 1]);
        }
    }

    private void literal(String text) {
        if (text.length() >= 127) {
            throw new IllegalArgumentException("a request header of " + text.length() + " characters");
        }
        out.add(text.length());
        for (int i = 0; i < text.length(); i++) {
            out.add(text.charAt(i)); // ASCII
        }
    }

    private void frameHeader(int length, int type, int flags, int stream) {
        out.addNumber(length, 3).add(type).add(flags).addNumber(stream, 4);
    }

    private static void want(Frame frame, int length) throws CallFailure {
        if (frame.length() != length) {
            throw CallFailure.broken("ipamd sent an HTTP/2 frame of type " + frame.type() + " with a wrong length");
        }
    }

    private static int number(byte[] bytes, int from, int count) {
        int value = 0;
        for (int i = 0; i < count; i++) {
            value = (value << 8) | (bytes[from + i] & 0xff);
        }
        return value;
    }
}
