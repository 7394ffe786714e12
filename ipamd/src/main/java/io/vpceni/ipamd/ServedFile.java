package io.vpceni.ipamd;

import io.vpceni.config.file.RegularFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The file `served` beside the socket, written every ten seconds while ipamd serves. The plugin answers STATUS by it
/// while ipamd is down. It is in memory, so a reboot deletes it. Used by one thread at a time.
final class ServedFile {
    private static final Logger log = LoggerFactory.getLogger(ServedFile.class);
    private static final String NAME = "served";
    private static final Duration EVERY = Duration.ofSeconds(10);

    private final Path path;
    private final LongSupplier nanos;
    private final Supplier<CompletableFuture<Boolean>> ready;
    private CompletableFuture<Boolean> asked = CompletableFuture.completedFuture(false);
    private long writtenAt;
    private boolean failing;

    /// @param socket the file is in its directory
    /// @param ready asks whether ipamd serves; without an answer nothing is written
    ServedFile(Path socket, LongSupplier nanos, Supplier<CompletableFuture<Boolean>> ready) {
        this.path = socket.resolveSibling(NAME);
        this.nanos = nanos;
        this.ready = ready;
        this.writtenAt = nanos.getAsLong() - EVERY.toNanos();
    }

    /// Writes the file when the last question was answered with yes, and asks again. Does not block.
    void look() {
        if (!asked.isDone()) {
            return;
        }
        boolean serves = !asked.isCompletedExceptionally() && asked.resultNow();
        asked = ready.get();
        if (serves) {
            note();
        }
    }

    /// ipamd serves now.
    void note() {
        long now = nanos.getAsLong();
        if (now - writtenAt < EVERY.toNanos()) {
            return;
        }
        try {
            write();
            writtenAt = now;
            failing = false;
        } catch (IOException e) {
            if (!failing) {
                failing = true;
                log.atWarn()
                        .addKeyValue("file", path)
                        .addKeyValue("reason", e.toString())
                        .log("The file that shows that ipamd serves cannot be written: while ipamd is down, STATUS "
                                + "reports the node as not ready; ADDs wait as usual");
            }
        }
    }

    /// Anything else of that name is deleted: the name is ours.
    private void write() throws IOException {
        if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            Files.deleteIfExists(path);
        }
        try (FileChannel file = RegularFile.openToWrite(
                path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")))) {
            int _ = file.write(ByteBuffer.wrap(new byte[] {'\n'}), 0);
        }
    }
}
