package io.vpceni.ipamd.journal;

import io.vpceni.config.file.AtomicFile;
import io.vpceni.config.file.RegularFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/// A directory of the file system. Created with mode 0700 together with its first file.
public final class DirectoryDisk implements JournalDisk {
    private static final long SIZE_MAX = 64L << 20; // both files are compacted far below that; read in pieces

    private final Path directory;

    public DirectoryDisk(Path directory) {
        this.directory = directory;
    }

    @Override
    public boolean read(String name, RegularFile.Sink sink) throws IOException {
        try {
            RegularFile.read(directory.resolve(name), RegularFile.SymbolicLinks.REFUSED, SIZE_MAX, sink);
            return true;
        } catch (NoSuchFileException _) {
            return false;
        }
    }

    @Override
    public OpenFile open(String name) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Path parent = directory.toAbsolutePath().getParent();
            if (parent != null) {
                AtomicFile.syncNames(parent);
            }
        }
        FileChannel channel = RegularFile.openToWrite(
                directory.resolve(name),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return new ChannelFile(channel, key(name));
    }

    @Override
    public boolean exists(String name) throws IOException {
        return key(name).isPresent();
    }

    @Override
    public boolean isDirectory(String name) {
        return Files.isDirectory(directory.resolve(name), LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public boolean leadsTo(String name, OpenFile file) throws IOException {
        Optional<Object> key = key(name);
        return key.isPresent() && file instanceof ChannelFile ours && key.equals(ours.key);
    }

    /// Device and inode, as in `stat(2)`.
    private Optional<Object> key(String name) throws IOException {
        try {
            return Optional.of(
                    Files.readAttributes(directory.resolve(name), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                            .fileKey());
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    @Override
    public void syncNames() throws IOException {
        AtomicFile.syncNames(directory);
    }

    @Override
    public void link(String name, String second) throws IOException {
        delete(second);
        Files.createLink(directory.resolve(second), directory.resolve(name));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(directory.resolve(from), directory.resolve(to), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(directory.resolve(name));
    }

    private record ChannelFile(FileChannel channel, Optional<Object> key) implements OpenFile {
        @Override
        public int write(ByteBuffer bytes, long at) throws IOException {
            return channel.write(bytes, at);
        }

        @Override
        public void truncate(long size) throws IOException {
            channel.truncate(size);
        }

        @Override
        public void sync() throws IOException {
            channel.force(false);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
