package io.vpceni.ipamd;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/// One ipamd for one socket: a lock on a file beside it, taken before anything else is touched. The kernel gives it up
/// with the process, however that ends.
final class DaemonLock implements AutoCloseable {
    private final FileChannel file;

    private DaemonLock(FileChannel file) {
        this.file = file;
    }

    /// Makes the socket's directory (0700) where it is missing.
    ///
    /// @throws IOException when another ipamd lives; the message names the file
    static DaemonLock take(Path socket) throws IOException {
        Path directory = socket.toAbsolutePath().getParent();
        if (directory != null && !Files.exists(directory)) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        Path path = socket.resolveSibling("ipamd.lock");
        FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (lock(file) == null) {
            file.close();
            throw new IOException("another ipamd holds " + path + "; stop it first");
        }
        return new DaemonLock(file);
    }

    private static @Nullable FileLock lock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException _) {
            return null; // held by this very process
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
