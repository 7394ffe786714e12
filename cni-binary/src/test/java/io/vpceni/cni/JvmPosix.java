package io.vpceni.cni;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/// Real unix sockets by java.nio; environment, stdin and stdout are values; descriptors are not handed over but noted.
///
/// Time is the machine's plus what was slept: sleeping takes no time, and runs [#whileAsleep].
final class JvmPosix implements Posix {
    final Map<String, String> environment = new HashMap<>();
    final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    final List<byte[]> noncesHandedOver = new ArrayList<>();
    byte[] stdin = {};
    Runnable whileAsleep = () -> {};

    private final Map<Integer, SocketChannel> sockets = new HashMap<>();
    private final Random random = new Random(7);
    private int stdinRead;
    private int nextDescriptor = 100;
    private long slept;

    String printed() {
        return stdout.toString(UTF_8);
    }

    @Override
    public String environment(String name) {
        return environment.getOrDefault(name, "");
    }

    @Override
    public int readStdin(byte[] buffer, int from, long timeoutMillis) {
        int count = Math.min(buffer.length - from, stdin.length - stdinRead);
        System.arraycopy(stdin, stdinRead, buffer, from, count);
        stdinRead += count;
        return count;
    }

    @Override
    public int writeStdout(byte[] bytes, int from, long timeoutMillis) {
        stdout.write(bytes, from, bytes.length - from);
        return bytes.length - from;
    }

    @Override
    public void writeStderr(byte[] bytes) {
        throw new AssertionError(new String(bytes, UTF_8));
    }

    @Override
    public void lastWords(byte[] bytes) {}

    @Override
    public long secondsSinceWritten(byte[] path) {
        return -ENOENT;
    }

    @Override
    public int open(byte[] path) {
        return Files.exists(Path.of(new String(path, UTF_8))) ? nextDescriptor++ : -ENOENT;
    }

    /// Nothing can be kept: the socket's directory takes no file.
    @Override
    public int readFile(byte[] path, byte[] into) {
        return -ENOENT;
    }

    @Override
    public int createFile(byte[] path, byte[] bytes, int length) {
        return -EACCES;
    }

    @Override
    public int rename(byte[] from, byte[] to) {
        return -EACCES;
    }

    @Override
    public int createDirectory(byte[] path, int mode) {
        return -EACCES;
    }

    @Override
    public int countEntries(byte[] path, int max) {
        return -EACCES;
    }

    @Override
    public void close(int descriptor) {
        SocketChannel socket = sockets.remove(descriptor);
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public int connect(byte[] path) {
        try {
            SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                socket.connect(UnixDomainSocketAddress.of(new String(path, UTF_8)));
                socket.configureBlocking(false);
            } catch (IOException e) {
                socket.close();
                return e instanceof ConnectException ? -ECONNREFUSED : -ENOENT;
            }
            int descriptor = nextDescriptor++;
            sockets.put(descriptor, socket);
            return descriptor;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public int sendDescriptor(byte[] path, byte[] bytes, int descriptor) {
        noncesHandedOver.add(bytes.clone());
        return 0;
    }

    @Override
    public int send(int descriptor, byte[] bytes, int from, int length, long timeoutMillis) {
        SocketChannel socket = socket(descriptor);
        try {
            int count = socket.write(ByteBuffer.wrap(bytes, from, length));
            if (count == 0) {
                return ready(socket, SelectionKey.OP_WRITE, timeoutMillis)
                        ? socket.write(ByteBuffer.wrap(bytes, from, length))
                        : -ETIMEDOUT;
            }
            return count;
        } catch (IOException _) {
            return -EPIPE;
        }
    }

    @Override
    public int receive(int descriptor, byte[] buffer, int from, long timeoutMillis) {
        SocketChannel socket = socket(descriptor);
        try {
            if (!ready(socket, SelectionKey.OP_READ, timeoutMillis)) {
                return -ETIMEDOUT;
            }
            return Math.max(0, socket.read(ByteBuffer.wrap(buffer, from, buffer.length - from)));
        } catch (IOException _) {
            return -EPIPE;
        }
    }

    @Override
    public void random(byte[] into) {
        random.nextBytes(into);
    }

    @Override
    public long monotonicNanos() {
        return System.nanoTime() + slept * 1_000_000;
    }

    @Override
    public void sleep(long millis) {
        slept += millis;
        whileAsleep.run();
    }

    private SocketChannel socket(int descriptor) {
        return Objects.requireNonNull(sockets.get(descriptor), "no socket");
    }

    private static boolean ready(SocketChannel socket, int operation, long timeoutMillis) throws IOException {
        try (Selector selector = socket.provider().openSelector()) {
            socket.register(selector, operation);
            return selector.select(timeoutMillis) > 0;
        }
    }
}
