package io.vpceni.ipamd.journal;

import io.vpceni.config.file.RegularFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/// A directory that a [RecordFile] lives in, as far as the file needs it. Names are plain file names.
public interface JournalDisk {

    /// Reads the whole content, in pieces.
    ///
    /// @return whether there is such a file
    /// @throws IOException when there is one and it cannot be read
    boolean read(String name, RegularFile.Sink sink) throws IOException;

    /// Opens for writing; made when it is missing, and the directory too.
    OpenFile open(String name) throws IOException;

    /// A second name for the same file; whatever had that name loses it.
    void link(String name, String second) throws IOException;

    /// In one piece: whoever looks sees the one file or the other under `to`.
    void rename(String from, String to) throws IOException;

    /// Gone already: fine.
    void delete(String name) throws IOException;

    /// Whether there is a file of that name.
    boolean exists(String name) throws IOException;

    /// Whether a directory has that name.
    default boolean isDirectory(String name) {
        return false;
    }

    /// Whether that name still leads to that file, which was opened here.
    boolean leadsTo(String name, OpenFile file) throws IOException;

    /// Waits until the disk itself has the names: those of files that were made, renamed or deleted.
    void syncNames() throws IOException;

    /// A file that is written to.
    interface OpenFile extends AutoCloseable {
        /// One `write(2)`. May write less than it was given.
        ///
        /// @return bytes written
        int write(ByteBuffer bytes, long at) throws IOException;

        /// Cuts everything off from there on.
        void truncate(long size) throws IOException;

        /// `fdatasync(2)`.
        void sync() throws IOException;

        @Override
        void close() throws IOException;
    }
}
