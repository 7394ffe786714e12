package io.vpceni.ipamd.observe;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Optional;

/// One HTTP connection: reads a request's head, writes the answer, waits for the peer to close. Never blocks.
final class HttpConnection {
    /// What the connection needs next.
    sealed interface Step {
        /// Nothing to do until the selector says so.
        record Waits() implements Step {}

        /// The request has arrived; [#begins] takes its answer.
        record Asked(HttpRequestHead head) implements Step {}

        /// The peer has read the answer, or has gone.
        record Gone() implements Step {}
    }

    private enum Stage {
        READING,
        RENDERING,
        WRITING,
        ANSWERED
    }

    private final SocketChannel channel;
    private final SelectionKey key;
    private final InetAddress peer;
    private ByteBuffer buffer = ByteBuffer.allocate(512); // a probe's request takes 150 bytes
    private Stage stage = Stage.READING;
    private Runnable whenClosed = () -> {};

    /// @param peer for the limit per peer
    HttpConnection(SocketChannel channel, SelectionKey key, InetAddress peer) {
        this.channel = channel;
        this.key = key;
        this.peer = peer;
        key.attach(this);
    }

    InetAddress peer() {
        return peer;
    }

    /// @param last called when it is closed
    void whenClosed(Runnable last) {
        whenClosed = last;
    }

    /// Whether its request has arrived.
    boolean isAsked() {
        return stage != Stage.READING;
    }

    /// Whether the whole answer was handed to the kernel.
    boolean isAnswered() {
        return stage == Stage.ANSWERED;
    }

    /// Reads or writes as far as possible without blocking.
    Step advance() throws IOException {
        return switch (stage) {
            case READING -> read();
            case RENDERING -> new Step.Waits();
            case WRITING -> write();
            case ANSWERED -> drain();
        };
    }

    /// @return false when the connection is gone
    boolean begins(byte[] answer) {
        if (!channel.isOpen() || !key.isValid()) {
            return false;
        }
        buffer = ByteBuffer.wrap(answer);
        stage = Stage.WRITING;
        return true;
    }

    private Step read() throws IOException {
        while (true) {
            int count = channel.read(buffer);
            if (count < 0) {
                return new Step.Gone();
            }
            Optional<HttpRequestHead> head = HttpRequestHead.parse(buffer.array(), buffer.position());
            if (head.isPresent()) {
                stage = Stage.RENDERING;
                key.interestOps(0);
                return new Step.Asked(head.get());
            }
            if (count == 0) {
                return new Step.Waits();
            }
            if (!buffer.hasRemaining()) {
                int position = buffer.position();
                buffer = ByteBuffer.wrap(Arrays.copyOf(buffer.array(), 2 * buffer.capacity()))
                        .position(position);
            }
        }
    }

    private Step write() throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.write(buffer) == 0) {
                key.interestOps(SelectionKey.OP_WRITE);
                return new Step.Waits();
            }
        }
        stage = Stage.ANSWERED;
        buffer = ByteBuffer.allocate(512);
        channel.shutdownOutput();
        key.interestOps(SelectionKey.OP_READ);
        return drain();
    }

    /// Closing with unread bytes resets the connection, and the peer could lose the answer, so its bytes are
    /// read first.
    private Step drain() throws IOException {
        int count;
        do {
            buffer.clear();
            count = channel.read(buffer);
        } while (count > 0);
        return count < 0 ? new Step.Gone() : new Step.Waits();
    }

    void close() {
        whenClosed.run();
        key.cancel();
        try {
            channel.close();
        } catch (IOException _) {
            // it is gone all the same
        }
    }
}
