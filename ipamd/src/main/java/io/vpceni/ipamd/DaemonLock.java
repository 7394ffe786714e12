package io.vpceni.ipamd;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One ipamd for one socket: a lock on a file beside it, taken before anything else is touched. The kernel gives it up
/// with the process, however that ends.
///
/// A lock on a file that was deleted keeps nobody out, so the file is looked at again and again ([WayIn]).
final class DaemonLock implements AutoCloseable, WayIn.Gate {
    private static final String NAME = "ipamd.lock";

    /// Whoever deletes it between opening and locking does not do so all the time.
    private static final int ATTEMPTS_MAX = 10;

    private final Path path;
    private final Consumer<String> takenOver;
    private FileChannel file;
    private Object key;

    private DaemonLock(Path path, Consumer<String> takenOver, Held held) {
        this.path = path;
        this.takenOver = takenOver;
        this.file = held.file;
        this.key = held.key;
    }

    /// @param key what `stat(2)` tells the file by: device and inode
    private record Held(FileChannel file, Object key) {}

    /// Makes the socket's directory (0700) where it is missing.
    ///
    /// @param takenOver told that another ipamd has locked a new file in its place: then this one has to end
    /// @throws IOException when another ipamd lives; the message names the file
    static DaemonLock take(Path socket, Consumer<String> takenOver) throws IOException {
        Path directory = socket.toAbsolutePath().getParent();
        if (directory != null && !Files.exists(directory)) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        Path path = socket.resolveSibling(NAME);
        Held held = tryTake(path);
        if (held == null) {
            throw new IOException("another ipamd holds " + path + "; stop it first");
        }
        return new DaemonLock(path, takenOver, held);
    }

    private static @Nullable Held tryTake(Path path) throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
            FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            Object before = key(path);
            if (lock(file) == null) {
                file.close();
                return null;
            }
            if (before != null && before.equals(key(path))) {
                return new Held(file, before);
            }
            file.close();
        }
        throw new IOException(path + " is deleted again and again");
    }

    private static @Nullable FileLock lock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException _) {
            return null; // held by this very process
        }
    }

    private static @Nullable Object key(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (NoSuchFileException _) {
            return null;
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean isOpen() throws IOException {
        return key.equals(key(path));
    }

    @Override
    public void reopen() throws IOException {
        Held held = tryTake(path);
        if (held == null) {
            String reason = path + " was deleted, and another ipamd has locked a new one";
            takenOver.accept(reason);
            throw new IOException(reason);
        }
        file.close(); // of a file that has no name any more
        file = held.file;
        key = held.key;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
