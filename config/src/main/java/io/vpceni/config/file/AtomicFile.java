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

/// A file that others read: they see all of it or what was there before, also after the machine lost its power.
public final class AtomicFile {

    private AtomicFile() {}

    /// By a hidden file beside it, which ends in `.new` and does not stay.
    ///
    /// @param mode as `ls -l` shows it, without the type: `rw-r--r--`
    /// @throws IOException what was there before stays
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

    /// Puts a directory's entries on the disk, so that a file that was renamed has its name after a power failure.
    public static void syncNames(Path directory) throws IOException {
        try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
            names.force(true);
        }
    }
}
