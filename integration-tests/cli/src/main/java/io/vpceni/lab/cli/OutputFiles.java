package io.vpceni.lab.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Files that a command writes when it is done.
final class OutputFiles {
    private OutputFiles() {}

    /// Said before the command does its work, not after it.
    ///
    /// @param files those that are asked for; null for one that is not
    /// @throws IOException naming the one that cannot be written, and why
    static void requireWritable(@Nullable Path... files) throws IOException {
        for (Path file : files) {
            if (file == null) {
                continue;
            }
            if (Files.isDirectory(file)) {
                throw new IOException("cannot write " + file + ": it is a directory");
            }
            Path directory = file.toAbsolutePath().getParent();
            if (directory != null && !Files.isDirectory(directory)) {
                throw new IOException("cannot write " + file + ": there is no directory " + directory);
            }
            if (!Files.isWritable(Files.exists(file) || directory == null ? file : directory)) {
                throw new IOException("cannot write " + file + ": permission denied");
            }
        }
    }
}
