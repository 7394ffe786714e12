package io.vpceni.ipamd.journal;

import io.vpceni.config.file.RegularFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/// The directory of a [RecordFile]: the file operations that it needs. Names are plain file names.
public interface JournalDisk {

    /// Reads the whole content, in pieces.
    ///
    /// @return whether there is such a file
    /// @throws IOException when there is one and it cannot be read
    boolean read(String name, RegularFile.Sink sink) throws IOException;

    /// Opens for writing; creates the file and the directory when they are missing.
    OpenFile open(String name) throws IOException;

    /// Gives the same file a second name and replaces what had that name.
    void link(String name, String second) throws IOException;

    /// Renames atomically: under `to` is either the old file or the new one.
    void rename(String from, String to) throws IOException;

    /// Succeeds when it does not exist.
    void delete(String name) throws IOException;

    /// Whether there is a file of that name.
    boolean exists(String name) throws IOException;

    /// Whether a directory has that name.
    default boolean isDirectory(String name) {
        return false;
    }

    /// Whether that name still leads to that file, which was opened here.
    boolean leadsTo(String name, OpenFile file) throws IOException;

    /// Waits until the disk has the names of files that were created, renamed or deleted.
    void syncNames() throws IOException;

    /// A file that is written to.
    interface OpenFile extends AutoCloseable {
        /// One `write(2)`, which may write fewer bytes.
        ///
        /// @return bytes written
        int write(ByteBuffer bytes, long at) throws IOException;

        /// Truncates the file at this offset.
        void truncate(long size) throws IOException;

        /// `fdatasync(2)`.
        void sync() throws IOException;

        @Override
        void close() throws IOException;
    }
}
