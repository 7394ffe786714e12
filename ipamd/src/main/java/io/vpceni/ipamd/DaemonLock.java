package io.vpceni.ipamd;

import io.vpceni.config.file.RegularFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps a second ipamd from serving the same socket: a lock on a file beside the socket, taken before anything else is
/// changed. The kernel releases it when the process ends.
///
/// The lock of a deleted file keeps nobody out, so [PluginEntry] checks every second that the file is still there.
final class DaemonLock implements AutoCloseable, PluginEntry.Gate {
    private static final Logger log = LoggerFactory.getLogger(DaemonLock.class);

    private static final String NAME = "ipamd.lock";

    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /// Bound for another program that deletes the file between open and lock.
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

    /// @param key device and inode, as in `stat(2)`
    private record Held(FileChannel file, Object key) {}

    /// Makes the socket's directory (0700) where it is missing.
    ///
    /// @param takenOver called when another ipamd has locked a new file of that name: this process must end
    /// @throws IOException when another ipamd runs; the message names the file
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
            FileChannel file = open(path);
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

    /// No ipamd locks anything but a regular file, so other kinds are renamed. A lock file whose mode forbids
    /// writing gets its mode back.
    private static FileChannel open(Path path) throws IOException {
        try {
            return RegularFile.openToWrite(path, OWNER_ONLY);
        } catch (AccessDeniedException _) {
            Files.setPosixFilePermissions(path, OWNER_ONLY.value());
            return RegularFile.openToWrite(path, OWNER_ONLY);
        } catch (IOException e) {
            if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                throw e;
            }
            Path aside = path.resolveSibling(NAME + ".unread");
            Files.move(path, aside, StandardCopyOption.ATOMIC_MOVE);
            log.atWarn()
                    .addKeyValue("found", e.getMessage())
                    .addKeyValue("aside", aside)
                    .log("Another file was at the path of ipamd's lock; it was renamed");
            return RegularFile.openToWrite(path, OWNER_ONLY);
        }
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
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .fileKey();
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
