package io.vpceni.ipamd.cni;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// HTTP/2 (RFC 9113) from a client that keeps to no rule: it acknowledges no settings and reads nothing.
final class RawConnection implements AutoCloseable {
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    static final int GOAWAY = 7;
    private static final int FRAME_HEADER_BYTES = 9;
    private static final int PATIENCE_MILLIS = 20_000;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;
    private static final int FRAME_BYTES_MAX = 16_384;

    private final SocketChannel channel;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    RawConnection(Path socket) throws IOException {
        this.channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
    }

    RawConnection greet() {
        out.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        frame(SETTINGS, 0, 0, new byte[0]);
        return this;
    }

    RawConnection headers(int stream) {
        ByteArrayOutputStream fields = new ByteArrayOutputStream();
        field(fields, ":method", "POST");
        field(fields, ":scheme", "http");
        field(fields, ":path", "/vpceni.v1.Cni/Call");
        field(fields, ":authority", "localhost");
        field(fields, "content-type", "application/grpc");
        field(fields, "te", "trailers");
        frame(HEADERS, END_HEADERS, stream, fields.toByteArray());
        return this;
    }

    RawConnection reset(int stream) {
        frame(RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
        return this;
    }

    /// A request whose configuration has that many bytes, beginning with `first`; of it only `sent` bytes.
    RawConnection message(int stream, char first, int length, int sent) {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.write((3 << 3) | 2); // stdin
        for (int rest = length; ; rest >>>= 7) {
            request.write(rest > 127 ? (rest & 127) | 128 : rest);
            if (rest <= 127) {
                break;
            }
        }
        int size = request.size() + length;
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(ByteBuffer.allocate(5).put((byte) 0).putInt(size).array());
        all.writeBytes(request.toByteArray());
        all.writeBytes(String.valueOf(first).repeat(sent).getBytes(StandardCharsets.US_ASCII));
        byte[] bytes = all.toByteArray();
        for (int at = 0; at < bytes.length; at += FRAME_BYTES_MAX) {
            int end = Math.min(bytes.length, at + FRAME_BYTES_MAX);
            boolean last = end == bytes.length && sent == length;
            frame(DATA, last ? END_STREAM : 0, stream, java.util.Arrays.copyOfRange(bytes, at, end));
        }
        return this;
    }

    private static void field(ByteArrayOutputStream out, String name, String value) {
        out.write(0); // a literal field without indexing, RFC 7541, section 6.2.2
        for (String text : List.of(name, value)) {
            out.write(text.length());
            out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
        }
    }

    private void frame(int type, int flags, int stream, byte[] payload) {
        out.write(payload.length >> 16);
        out.write(payload.length >> 8);
        out.write(payload.length);
        out.write(type);
        out.write(flags);
        out.writeBytes(ByteBuffer.allocate(4).putInt(stream).array());
        out.writeBytes(payload);
    }

    /// @return whether the server still took it
    boolean send() {
        ByteBuffer bytes = ByteBuffer.wrap(out.toByteArray());
        out.reset();
        try {
            while (bytes.hasRemaining()) {
                int _ = channel.write(bytes);
            }
            return true;
        } catch (IOException _) {
            return false; // closed from the other side
        }
    }

    /// Reads until a frame of that type comes.
    ///
    /// @return false when the connection ends without one, or nothing comes any more
    boolean hears(int type) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(FRAME_HEADER_BYTES);
        while (fill(header)) {
            if (header.get(3) == type) {
                return true;
            }
            int length = header.getInt(0) >>> 8;
            if (!fill(ByteBuffer.allocate(length))) {
                return false;
            }
            header.clear();
        }
        return false;
    }

    private boolean fill(ByteBuffer into) throws IOException {
        try (Selector selector = Selector.open()) {
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            while (into.hasRemaining()) {
                if (selector.select(PATIENCE_MILLIS) == 0 || channel.read(into) < 0) {
                    return false;
                }
                selector.selectedKeys().clear();
            }
            return true;
        }
    }

    static List<Integer> streams(int count) {
        return new ArrayList<>(
                IntStream.range(0, count).map(i -> 2 * i + 1).boxed().toList());
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException _) {
            // it is gone
        }
    }
}
