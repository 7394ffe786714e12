package io.vpceni.ipamd.journal;

import io.vpceni.config.file.RegularFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/// A disk that stops after any byte or any step, is full after so many bytes, or refuses what a test names.
final class MemoryDisk implements JournalDisk {

    /// The machine stopped. Nothing that happens behind it counts.
    static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static final class Content {
        byte[] bytes = new byte[0];
        boolean broken;
    }

    private final Map<String, Content> files = new TreeMap<>();
    private long steps = Long.MAX_VALUE;
    private long room = Long.MAX_VALUE;
    boolean unreadable;
    boolean renameRefused;
    boolean truncateRefused;
    boolean namesUnsure;

    /// It stops after that many bytes and steps.
    void crashAfter(long count) {
        steps = count;
    }

    void neverCrash() {
        steps = Long.MAX_VALUE;
    }

    /// So many bytes fit beside those that are here.
    void room(long bytes) {
        room = bytes;
    }

    /// That file takes nothing any more; another of its name does.
    void breakFile(String name) {
        Objects.requireNonNull(files.get(name)).broken = true;
    }

    byte[] bytes(String name) {
        Content content = files.get(name);
        return content == null ? new byte[0] : content.bytes.clone();
    }

    void put(String name, byte[] bytes) {
        Content content = new Content();
        content.bytes = bytes.clone();
        files.put(name, content);
    }

    boolean has(String name) {
        return files.containsKey(name);
    }

    private void step() {
        if (steps-- <= 0) {
            throw new Crash();
        }
    }

    @Override
    public boolean read(String name, RegularFile.Sink sink) throws IOException {
        if (unreadable) {
            throw new IOException("Input/output error");
        }
        byte[] bytes = bytes(name);
        sink.take(bytes, bytes.length);
        return has(name);
    }

    @Override
    public OpenFile open(String name) {
        step();
        return new Handle(files.computeIfAbsent(name, _ -> new Content()));
    }

    @Override
    public void link(String name, String second) {
        step();
        files.remove(second);
        step();
        put(second, bytes(name));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        step();
        if (renameRefused) {
            throw new IOException("Read-only file system");
        }
        Content content = files.remove(from);
        if (content == null) {
            throw new IOException(from + " is not there");
        }
        files.put(to, content);
        step();
    }

    @Override
    public void delete(String name) {
        step();
        files.remove(name);
    }

    @Override
    public boolean exists(String name) {
        return has(name);
    }

    @Override
    public boolean leadsTo(String name, OpenFile file) {
        return file instanceof Handle handle && files.get(name) == handle.content;
    }

    @Override
    public void syncNames() throws IOException {
        step();
        if (namesUnsure) {
            throw new IOException("Input/output error");
        }
    }

    private final class Handle implements OpenFile {
        private final Content content;

        Handle(Content content) {
            this.content = content;
        }

        @Override
        public int write(ByteBuffer bytes, long at) throws IOException {
            if (content.broken) {
                throw new IOException("Input/output error");
            }
            int wanted = bytes.remaining();
            int written = (int) Math.min(wanted, Math.min(steps, room));
            byte[] part = new byte[written];
            bytes.get(part);
            byte[] grown = Arrays.copyOf(content.bytes, Math.max(content.bytes.length, (int) at + written));
            System.arraycopy(part, 0, grown, (int) at, written);
            content.bytes = grown;
            steps -= steps == Long.MAX_VALUE ? 0 : written;
            room -= room == Long.MAX_VALUE ? 0 : written;
            if (steps == 0) {
                throw new Crash();
            }
            if (written == 0 && wanted > 0) {
                throw new IOException("No space left on device");
            }
            return written;
        }

        @Override
        public void truncate(long size) throws IOException {
            step();
            if (truncateRefused) {
                throw new IOException("Input/output error");
            }
            if (size < content.bytes.length) {
                content.bytes = Arrays.copyOf(content.bytes, (int) size);
            }
        }

        @Override
        public void sync() {
            step();
        }

        @Override
        public void close() {}
    }
}
