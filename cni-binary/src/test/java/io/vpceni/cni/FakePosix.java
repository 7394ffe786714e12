package io.vpceni.cni;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

/// A machine in memory: scripted connections, a clock that only [#sleep] and the connections move.
final class FakePosix implements Posix {
    static final int EACCES = 13;

    /// What a connection brings: `incoming` in pieces of at most `chunk` bytes, then `end` (0: closed, or -errno).
    record Connection(int errno, byte[] incoming, int chunk, int end) {
        static Connection bringing(byte[] incoming) {
            return new Connection(0, incoming, Integer.MAX_VALUE, 0);
        }

        static Connection refused(int errno) {
            return new Connection(errno, new byte[0], 1, 0);
        }

        Connection inPiecesOf(int bytes) {
            return new Connection(errno, incoming, bytes, end);
        }

        Connection thenFailingWith(int errno) {
            return new Connection(this.errno, incoming, chunk, -errno);
        }
    }

    /// A datagram with a descriptor.
    record HandedOver(String socket, byte[] bytes, int descriptor) {}

    private static final class Live {
        private final Connection script;
        private final ByteArrayOutputStream output = new ByteArrayOutputStream();
        private int received;

        Live(Connection script) {
            this.script = script;
        }
    }

    final Map<String, String> environment = new HashMap<>();
    final Map<String, Integer> openErrnos = new HashMap<>();
    final Map<String, Long> secondsSinceWritten = new HashMap<>();
    final Map<String, byte[]> files = new TreeMap<>();
    final Map<String, Integer> directories = new TreeMap<>();
    int createFileErrno;
    int renameErrno;
    int createDirectoryErrno;
    final Deque<Connection> connections = new ArrayDeque<>();
    final List<String> connectedTo = new ArrayList<>();
    final List<ByteArrayOutputStream> sent = new ArrayList<>();
    final List<HandedOver> handedOver = new ArrayList<>();
    final List<Long> sleeps = new ArrayList<>();
    final TreeSet<Integer> open = new TreeSet<>();
    final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    byte[] stdin = {};
    int stdinChunk = Integer.MAX_VALUE;
    int stdinErrno;
    boolean stdinNeverEnds;
    int stdoutChunk = Integer.MAX_VALUE;
    int stdoutErrno;
    final ByteArrayOutputStream stderr = new ByteArrayOutputStream();
    byte[] lastWords = {};
    int sendChunk = Integer.MAX_VALUE;
    int handOverErrno;
    long now = 1_000_000;

    private final Map<Integer, Live> live = new HashMap<>();
    private int stdinRead;
    private int nextDescriptor = 3;
    private byte nextRandom;

    /// What is on stdin from now on.
    void feed(byte[] bytes) {
        stdin = bytes.clone();
        stdinRead = 0;
    }

    String printed() {
        return stdout.toString(UTF_8);
    }

    @Override
    public String environment(String name) {
        return environment.getOrDefault(name, "");
    }

    @Override
    public int readStdin(byte[] buffer, int from, long timeoutMillis) {
        if (stdinErrno != 0) {
            return -stdinErrno;
        }
        int count = Math.min(stdinChunk, Math.min(buffer.length - from, stdin.length - stdinRead));
        if (count == 0 && stdinNeverEnds) {
            now += timeoutMillis;
            return -ETIMEDOUT;
        }
        System.arraycopy(stdin, stdinRead, buffer, from, count);
        stdinRead += count;
        return count;
    }

    @Override
    public int writeStdout(byte[] bytes, int from, long timeoutMillis) {
        if (stdoutErrno != 0) {
            now += stdoutErrno == ETIMEDOUT ? timeoutMillis : 0;
            return -stdoutErrno;
        }
        int count = Math.min(stdoutChunk, bytes.length - from);
        stdout.write(bytes, from, count);
        return count;
    }

    @Override
    public void writeStderr(byte[] bytes) {
        stderr.writeBytes(bytes);
    }

    @Override
    public void lastWords(byte[] bytes) {
        lastWords = bytes.clone();
    }

    @Override
    public int open(byte[] path) {
        int errno = openErrnos.getOrDefault(new String(path, UTF_8), 0);
        return errno != 0 ? -errno : opened();
    }

    @Override
    public long secondsSinceWritten(byte[] path) {
        return secondsSinceWritten.getOrDefault(new String(path, UTF_8), -2L);
    }

    @Override
    public int readFile(byte[] path, byte[] into) {
        byte[] file = files.get(new String(path, UTF_8));
        if (file == null) {
            return -ENOENT;
        }
        System.arraycopy(file, 0, into, 0, Math.min(file.length, into.length));
        return Math.min(file.length, into.length);
    }

    @Override
    public int createFile(byte[] path, byte[] bytes, int length) {
        String name = new String(path, UTF_8);
        if (createFileErrno != 0 || files.containsKey(name)) {
            return createFileErrno != 0 ? -createFileErrno : -EEXIST;
        }
        files.put(name, Arrays.copyOf(bytes, length));
        return 0;
    }

    @Override
    public int rename(byte[] from, byte[] to) {
        if (renameErrno == 0) {
            files.put(new String(to, UTF_8), Objects.requireNonNull(files.remove(new String(from, UTF_8))));
        }
        return -renameErrno;
    }

    @Override
    public int createDirectory(byte[] path, int mode) {
        if (createDirectoryErrno != 0) {
            return -createDirectoryErrno;
        }
        return directories.putIfAbsent(new String(path, UTF_8), mode) == null ? 0 : -EEXIST;
    }

    @Override
    public int countEntries(byte[] path, int max) {
        String directory = new String(path, UTF_8);
        if (!directories.containsKey(directory)) {
            return -ENOENT;
        }
        return (int) files.keySet().stream()
                .filter(file -> file.startsWith(directory + "/"))
                .limit(max)
                .count();
    }

    @Override
    public void close(int descriptor) {
        if (!open.remove(descriptor)) {
            throw new AssertionError("closed " + descriptor + ", which is not open");
        }
    }

    /// The next of the scripted connections; ECONNREFUSED when there is none left.
    @Override
    public int connect(byte[] path) {
        connectedTo.add(new String(path, UTF_8));
        Connection next = connections.isEmpty() ? Connection.refused(ECONNREFUSED) : connections.remove();
        if (next.errno() != 0) {
            return -next.errno();
        }
        int descriptor = opened();
        Live connection = new Live(next);
        live.put(descriptor, connection);
        sent.add(connection.output);
        return descriptor;
    }

    @Override
    public int sendDescriptor(byte[] path, byte[] bytes, int descriptor) {
        if (!open.contains(descriptor)) {
            throw new AssertionError("handed over " + descriptor + ", which is not open");
        }
        handedOver.add(new HandedOver(new String(path, UTF_8), bytes.clone(), descriptor));
        return -handOverErrno;
    }

    @Override
    public int send(int descriptor, byte[] bytes, int from, int length, long timeoutMillis) {
        int count = Math.min(length, sendChunk);
        live(descriptor).output.write(bytes, from, count);
        return count;
    }

    @Override
    public int receive(int descriptor, byte[] buffer, int from, long timeoutMillis) {
        Live connection = live(descriptor);
        int end = connection.script.end();
        int left = connection.script.incoming().length - connection.received;
        int count = Math.min(Math.min(connection.script.chunk(), buffer.length - from), left);
        if (count == 0) {
            now += end == -ETIMEDOUT ? timeoutMillis : 0;
            return end;
        }
        System.arraycopy(connection.script.incoming(), connection.received, buffer, from, count);
        connection.received += count;
        return count;
    }

    @Override
    public void random(byte[] into) {
        for (int i = 0; i < into.length; i++) {
            into[i] = ++nextRandom;
        }
    }

    @Override
    public long monotonicNanos() {
        return now * 1_000_000;
    }

    @Override
    public void sleep(long millis) {
        sleeps.add(millis);
        now += millis;
    }

    private Live live(int descriptor) {
        if (!open.contains(descriptor)) {
            throw new AssertionError("used " + descriptor + ", which is not open");
        }
        return Objects.requireNonNull(live.get(descriptor), "no connection");
    }

    private int opened() {
        int descriptor = nextDescriptor++;
        open.add(descriptor);
        return descriptor;
    }
}
