package io.vpceni.lab.jmh;

import io.vpceni.ipamd.journal.DirectoryDisk;
import io.vpceni.ipamd.journal.JournalFile;
import io.vpceni.pool.journal.JournalClock;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/// A journal in a new directory below `java.io.tmpdir`. Closing deletes the directory with all that is in it.
///
/// @param path of the directory
record JournalDirectory(Path path) implements AutoCloseable {
    private static final Instant START = Instant.EPOCH;

    static JournalDirectory make() throws IOException {
        return new JournalDirectory(Files.createTempDirectory("vpc-eni-jmh"));
    }

    /// As ipamd opens it.
    ///
    /// @param life 0 for the first; each is 10 s behind the one before, in the same boot
    JournalFile.Opened open(boolean sync, int life) {
        Instant now = now(life);
        return JournalFile.open(
                new DirectoryDisk(path),
                new JournalFile.FileOptions("pool.journal", sync, JournalFile.FileOptions.COMPACT_ABOVE_BYTES),
                JournalClock.of(
                        "b6c5ba73-5f3a-4a56-8a3e-4b6d1a5f2d11",
                        now,
                        Duration.between(START, now).toNanos()),
                () -> now,
                work -> Thread.ofVirtual().name("journal-compaction").start(work));
    }

    static Instant now(int life) {
        return START.plus(Duration.ofSeconds(10L * life));
    }

    @Override
    public void close() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        }
        Files.delete(path);
    }
}
