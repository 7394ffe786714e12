package io.vpceni.config.file;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.util.HashSet;
import java.util.Set;

/// Opens regular files only, and reads no more bytes than allowed.
///
/// Opening a FIFO waits for a writer, and reading a device may never end. So the path is checked before it is
/// opened. Between check and open only someone who may write to the directory can change the file, and that is
/// root.
public final class RegularFile {
    private static final int PIECE_BYTES = 64 << 10;

    /// Whether the path may be a symbolic link.
    public enum SymbolicLinks {
        /// Allowed: Kubernetes mounts ConfigMaps, Secrets and tokens as symbolic links.
        FOLLOWED,
        /// Refused: for ipamd's own files, which are never links.
        REFUSED
    }

    /// Takes a file in pieces.
    public interface Sink {
        /// @param bytes reused for the next piece
        /// @param length how many of them are valid, from the first
        void take(byte[] bytes, int length);
    }

    private RegularFile() {}

    /// Reads the whole file.
    ///
    /// @throws NoSuchFileException when there is none
    /// @throws IOException also when it is not a regular file, or larger than the limit; the message says
    ///     which
    public static byte[] read(Path path, SymbolicLinks links, int bytesMax) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        read(path, links, bytesMax, (bytes, length) -> all.write(bytes, 0, length));
        return all.toByteArray();
    }

    /// Reads the whole file in pieces of up to 64 KiB.
    ///
    /// @throws NoSuchFileException when there is none
    /// @throws IOException also when it is not a regular file, or larger than the limit; the message says
    ///     which
    public static void read(Path path, SymbolicLinks links, long bytesMax, Sink sink) throws IOException {
        try (FileChannel file = openToRead(path, links)) {
            refuseAbove(path, file.size(), bytesMax);
            byte[] piece = new byte[PIECE_BYTES];
            ByteBuffer buffer = ByteBuffer.wrap(piece);
            long total = 0;
            for (int length = file.read(buffer); length >= 0; length = file.read(buffer.clear())) {
                total += length;
                refuseAbove(path, total, bytesMax); // it grows, or its size is not told, as in /proc
                sink.take(piece, length);
            }
        }
    }

    /// @throws NoSuchFileException when there is none
    /// @throws IOException also when it is not a regular file; the message says what it is
    public static FileChannel openToRead(Path path, SymbolicLinks links) throws IOException {
        return FileChannel.open(path, options(path, links, StandardOpenOption.READ));
    }

    /// Opens a file for writing, and creates it if it is missing. Refuses symbolic links.
    ///
    /// @param attributes of a new file
    /// @throws IOException when the path is something other than a regular file; the message says what it is
    public static FileChannel openToWrite(Path path, FileAttribute<?>... attributes) throws IOException {
        Set<OpenOption> options;
        try {
            options = options(path, SymbolicLinks.REFUSED, StandardOpenOption.WRITE);
        } catch (NoSuchFileException _) {
            options = new HashSet<>(Set.of(StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
        }
        options.add(StandardOpenOption.CREATE);
        return FileChannel.open(path, options, attributes);
    }

    private static Set<OpenOption> options(Path path, SymbolicLinks links, OpenOption first) throws IOException {
        LinkOption[] follow =
                links == SymbolicLinks.REFUSED ? new LinkOption[] {LinkOption.NOFOLLOW_LINKS} : new LinkOption[0];
        BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class, follow);
        if (!found.isRegularFile()) {
            throw new IOException(path + " is " + kind(found) + " and no regular file");
        }
        Set<OpenOption> options = new HashSet<>(Set.of(follow));
        options.add(first);
        return options;
    }

    private static String kind(BasicFileAttributes found) {
        if (found.isDirectory()) {
            return "a directory";
        }
        return found.isSymbolicLink() ? "a symbolic link" : "a FIFO, a socket or a device";
    }

    private static void refuseAbove(Path path, long bytes, long bytesMax) throws IOException {
        if (bytes > bytesMax) {
            throw new IOException(path + " has " + bytes + " bytes or more, and at most " + bytesMax + " are read");
        }
    }
}
