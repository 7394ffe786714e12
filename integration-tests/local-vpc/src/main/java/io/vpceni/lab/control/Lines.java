package io.vpceni.lab.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// One line each way over a channel.
record Lines(SocketChannel channel) {
    private static final int LINE_BYTES_MAX = 1 << 20;

    /// The line without its line feed; empty when the peer has closed the connection or sent too long a line.
    Optional<String> read() throws IOException {
        ByteBuffer line = ByteBuffer.allocate(LINE_BYTES_MAX);
        while (line.hasRemaining() && channel.read(line) >= 0) {
            if (line.position() > 0 && line.get(line.position() - 1) == '\n') {
                return Optional.of(new String(line.array(), 0, line.position() - 1, StandardCharsets.UTF_8));
            }
        }
        return Optional.empty();
    }

    void write(String line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            int _ = channel.write(bytes);
        }
    }
}
