package io.vpceni.config.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/// Writes a file atomically: readers see the whole new content or the old content, also after a power failure.
public final class AtomicFile {

    private AtomicFile() {}

    /// Writes a hidden file next to the target, whose name ends in `.new`, and renames it.
    ///
    /// @param mode as `ls -l` shows it, without the type: `rw-r--r--`
    /// @throws IOException the old content stays
    public static void write(Path target, byte[] content, String mode) throws IOException {
        Path absolute = target.toAbsolutePath();
        Path temporary = absolute.resolveSibling("." + absolute.getFileName() + ".new");
        try {
            boolean _ = Files.deleteIfExists(temporary); // whatever it is: what it leads to is not ours
            try (FileChannel file = FileChannel.open(
                    temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
                ByteBuffer bytes = ByteBuffer.wrap(content);
                while (bytes.hasRemaining()) {
                    int _ = file.write(bytes);
                }
                file.force(true);
            }
            Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString(mode));
            Path _ = Files.move(
                    temporary, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            try {
                boolean _ = Files.deleteIfExists(temporary);
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
        syncNames(absolute.resolveSibling(""));
    }

    /// Syncs a directory to disk, so that a renamed file keeps its new name after a power failure.
    public static void syncNames(Path directory) throws IOException {
        try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
            names.force(true);
        }
    }
}
