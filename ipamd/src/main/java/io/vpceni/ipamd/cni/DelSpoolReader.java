package io.vpceni.ipamd.cni;

import io.vpceni.config.file.RegularFile;
import io.vpceni.ipamd.observe.Metrics;
import io.vpceni.ipamd.observe.Metrics.DelOutcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries out the DELs that the plugin kept in files while ipamd was down, in the order in which they began.
///
/// A DEL that fails for now stays and is tried again. One that can never succeed, or cannot be read, is deleted and
/// reported: the address of its sandbox comes back once the kernel has shown twice that the sandbox is gone.
///
/// Used by one thread at a time.
public final class DelSpoolReader {
    private static final Logger log = LoggerFactory.getLogger(DelSpoolReader.class);

    /// Name of the directory, beside ipamd's socket.
    public static final String DIRECTORY_NAME = "spool";

    static final Duration TRY_AGAIN_AFTER = Duration.ofSeconds(10);

    /// The plugin lives less long: what it has not renamed by then it never will.
    static final Duration UNFINISHED_AFTER = Duration.ofMinutes(3);

    private static final int FILE_BYTES_MAX = 128 << 10; // the plugin keeps at most 64 KiB and a line

    /// Carries out a DEL.
    public interface Dels {
        /// @return what became of it
        DelOutcome carryOut(SpooledDel.Valid del);
    }

    private final Path directory;
    private final String bootId;
    private final Dels dels;
    private final Metrics metrics;
    private final BooleanSupplier stopping;
    private final InstantSource wall;
    private final LongSupplier nanos;

    /// When a file that failed is tried again, nanoseconds.
    private final Map<Path, Long> failed = new HashMap<>();

    private String problem = ""; // the last one that was reported

    /// @param socket ipamd's; the spool is in its directory
    /// @param bootId of the node, as the plugin writes it
    /// @param stopping whether ipamd stops: the rest stays for the next one
    /// @param wall the clock of the file system's times
    /// @param nanos elapsed time, from any origin
    public DelSpoolReader(
            Path socket,
            String bootId,
            Dels dels,
            Metrics metrics,
            BooleanSupplier stopping,
            InstantSource wall,
            LongSupplier nanos) {
        this.directory = socket.resolveSibling(DIRECTORY_NAME);
        this.bootId = bootId;
        this.dels = dels;
        this.metrics = metrics;
        this.stopping = stopping;
        this.wall = wall;
        this.nanos = nanos;
    }

    /// Carries out what is there.
    ///
    /// @return how many
    public int carryOut() {
        try {
            prepare();
            List<Path> files = files();
            int done = 0;
            for (Path file : files) {
                if (stopping.getAsBoolean()) {
                    break; // the next ipamd goes on
                }
                done += file.getFileName().toString().startsWith(".") ? sweep(file) : take(file);
            }
            failed.keySet().retainAll(Set.copyOf(files));
            problem = "";
            return done;
        } catch (IOException e) {
            report(e);
            return 0;
        }
    }

    /// Only root may write there: a file is an order to take a pod's network away.
    private void prepare() throws IOException {
        if (!Files.isDirectory(directory)) {
            Path _ = Files.createDirectory(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.sorted().toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private int take(Path file) {
        Long again = failed.get(file);
        if (again != null && again - nanos.getAsLong() > 0) {
            return 0;
        }
        DelOutcome outcome = switch (read(file)) {
            case SpooledDel.Valid valid -> dels.carryOut(valid);
            case SpooledDel.OfEarlierBoot _ -> DelOutcome.EARLIER_BOOT;
            case SpooledDel.Invalid(String why) -> {
                reportOnce(file, why);
                yield DelOutcome.UNREADABLE;
            }
        };
        metrics.spooledDel(outcome);
        if (outcome == DelOutcome.REFUSED) {
            reportOnce(file, "no ADD is served with what it names; the line before says what");
        }
        boolean isOver = outcome != DelOutcome.FAILED && delete(file);
        if (isOver) {
            failed.remove(file);
        } else {
            failed.put(file, nanos.getAsLong() + TRY_AGAIN_AFTER.toNanos());
        }
        return isOver && outcome == DelOutcome.DONE ? 1 : 0;
    }

    private SpooledDel read(Path file) {
        try {
            return SpooledDel.read(RegularFile.read(file, RegularFile.SymbolicLinks.REFUSED, FILE_BYTES_MAX), bootId);
        } catch (IOException e) {
            return new SpooledDel.Invalid(String.valueOf(e.getMessage()));
        }
    }

    private boolean delete(Path file) {
        try {
            boolean _ = Files.deleteIfExists(file);
            return true;
        } catch (IOException e) {
            if (!failed.containsKey(file)) {
                log.atWarn()
                        .addKeyValue("file", file)
                        .addKeyValue("reason", e.toString())
                        .log("A file of the spool of DELs cannot be deleted: ipamd tries again each ten seconds");
            }
            return false;
        }
    }

    private void reportOnce(Path file, String why) {
        if (!failed.containsKey(file)) {
            dropped(file, why);
        }
    }

    private static void dropped(Path file, String why) {
        log.atWarn()
                .addKeyValue("file", file)
                .addKeyValue("reason", why)
                .log("A DEL that was kept while ipamd was down cannot be carried out, and its file is deleted; the"
                        + " address comes back once the kernel has shown twice that its sandbox is gone");
    }

    /// A file that the plugin writes, or did not finish.
    private int sweep(Path file) throws IOException {
        try {
            Duration age = Duration.between(Files.getLastModifiedTime(file).toInstant(), wall.instant());
            if (age.compareTo(UNFINISHED_AFTER) > 0) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException _) {
            return 0; // it has its name now
        }
        return 0;
    }

    private void report(IOException e) {
        if (!problem.equals(e.toString())) {
            problem = e.toString();
            metrics.error("spool");
            log.atWarn()
                    .addKeyValue("directory", directory)
                    .addKeyValue("reason", problem)
                    .log("The DELs that the plugin keeps while ipamd is down cannot be read; ipamd tries again each"
                            + " second. DELs of running pods are served as usual");
        }
    }
}
