package io.vpceni.ipamd.journal;

import io.vpceni.config.file.RegularFile;
import io.vpceni.pool.journal.Finding;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// A file of records, one line each; the last record about an object counts.
///
/// An append is one `write(2)` of whole lines after the last good one. The remains of a failed append are truncated, at
/// the latest before the next append. Opening writes nothing: the line with this process's clock goes out with its
/// first records, so that ipamd starts with a full disk.
///
/// Confined to one thread; only a [Compaction] runs on another one.
final class RecordFile<R> implements AutoCloseable {

    static final String NEW_SUFFIX = ".new";
    static final String DAMAGED_SUFFIX = ".damaged";
    static final String ASIDE_SUFFIX = ".unread";
    private static final String SECOND = ".2";
    private static final String TRIAL_SUFFIX = ".try";

    /// One page: less may still fit into the last page of a full disk.
    private static final int TRIAL_BYTES = 4096;

    /// The content of the file: its lines and the state that they give. Mutable.
    interface Content<R> {
        /// All lines before the first record of a new file.
        String header();

        /// All lines before this process's first record in an existing file.
        String processStart();

        String lines(List<R> records);

        /// These were written.
        void apply(List<R> records);

        /// Records that give the same state.
        List<R> records();
    }

    /// Texts about the file for errors and findings.
    ///
    /// @param name as in `journal`
    /// @param without what happens when the file cannot be read
    /// @param stuck what happens when the file cannot be written
    record Words(String name, String without, String stuck) {}

    /// What reading a file gave.
    ///
    /// @param end where the next record goes, in bytes
    /// @param torn whether there are bytes of a torn record
    /// @param refused whether nothing of it is used, for example because of a later format
    record Read<S>(S state, long end, boolean torn, boolean damaged, boolean refused, List<Finding> findings) {}

    /// Reads one file, once.
    interface Reader<S> extends RegularFile.Sink {
        /// Called once, after the whole file was passed.
        Read<S> end();
    }

    /// What was there.
    ///
    /// @param state empty when nothing was read
    /// @param absent whether there was no file
    /// @param inTheWay whether a file that could not be read still has the name
    record Found<S>(
            Optional<S> state,
            boolean absent,
            long end,
            boolean torn,
            boolean damaged,
            boolean inTheWay,
            List<Finding> findings) {}

    private final JournalDisk disk;
    private final JournalFile.FileOptions options;
    private final Words words;
    private final Content<R> content;
    private final Executor elsewhere;

    private JournalDisk.@Nullable OpenFile file;
    private long end;
    private boolean begun;
    private boolean dirty;
    private boolean inTheWay;
    private boolean namesInDoubt;
    private @Nullable IOException lost; // why the file that another program put in its place cannot be replaced
    private long compactedBytes;
    private @Nullable Compaction<R> compaction;

    /// @param found what [#find] said
    /// @param elsewhere runs compactions: on a thread of their own, or at once
    RecordFile(
            JournalDisk disk,
            JournalFile.FileOptions options,
            Words words,
            Content<R> content,
            Executor elsewhere,
            Found<?> found) {
        this.disk = disk;
        this.options = options;
        this.words = words;
        this.content = content;
        this.elsewhere = elsewhere;
        this.end = found.end();
        this.dirty = found.torn();
        this.inTheWay = found.inTheWay();
        this.compactedBytes = 0; // a long file of earlier processes is compacted by the first append
    }

    /// Reads the file. Never fails: a file that cannot be read is renamed and reported.
    static <S> Found<S> find(JournalDisk disk, String name, Words words, Reader<S> reader) {
        List<Finding> findings = new ArrayList<>();
        try {
            clear(disk, name + NEW_SUFFIX) // of a compaction that was interrupted
                    .ifPresent(aside -> findings.add(new Finding(
                            Finding.Kind.UNREADABLE,
                            name + NEW_SUFFIX + " was in the way and cannot be deleted: it is kept as " + aside)));
        } catch (IOException e) {
            findings.add(new Finding(
                    Finding.Kind.UNREADABLE,
                    name + NEW_SUFFIX + " is in the way and can neither be deleted nor renamed (" + reason(e)
                            + "): the " + words.name() + " is used and grows, and is not compacted until somebody"
                            + " removes that. Above 64 MiB it is not read at the next start"));
        }
        boolean there;
        try {
            there = disk.read(name, reader);
        } catch (IOException e) {
            Finding finding = new Finding(
                    Finding.Kind.UNREADABLE,
                    "The " + words.name() + " cannot be read (" + reason(e) + "): " + words.without());
            findings.add(finding);
            return unread(disk, name, words, findings);
        }
        if (!there) {
            return new Found<>(Optional.empty(), true, 0, false, false, false, findings);
        }
        Read<S> read = reader.end();
        findings.addAll(read.findings());
        if (read.refused()) {
            return unread(disk, name, words, findings);
        }
        return new Found<>(Optional.of(read.state()), false, read.end(), read.torn(), read.damaged(), false, findings);
    }

    private static <S> Found<S> unread(JournalDisk disk, String name, Words words, List<Finding> findings) {
        List<Finding> all = new ArrayList<>(findings);
        try {
            String aside = putAside(disk, name);
            all.add(new Finding(Finding.Kind.UNREADABLE, "The unread " + words.name() + " is kept as " + aside));
            return new Found<>(Optional.empty(), false, 0, false, false, false, all);
        } catch (IOException e) {
            all.add(new Finding(
                    Finding.Kind.UNREADABLE,
                    "The unread " + words.name() + " cannot be renamed (" + reason(e) + "): " + words.stuck()));
            return new Found<>(Optional.empty(), false, 0, true, false, true, all);
        }
    }

    /// Deletes the file of that name; what cannot be deleted, such as a directory with files, is renamed.
    ///
    /// @return under which name it is now; empty when it is gone
    /// @throws IOException when it is still there
    static Optional<String> clear(JournalDisk disk, String name) throws IOException {
        try {
            disk.delete(name);
            return Optional.empty();
        } catch (IOException e) {
            try {
                return Optional.of(putAside(disk, name));
            } catch (IOException again) {
                e.addSuppressed(again);
                throw e;
            }
        }
    }

    private static String putAside(JournalDisk disk, String name) throws IOException {
        String aside = name + ASIDE_SUFFIX;
        try {
            disk.rename(name, aside);
            return aside;
        } catch (IOException e) { // a directory cannot replace a file, nor a file a directory
            try {
                disk.rename(name, aside + SECOND);
                return aside + SECOND;
            } catch (IOException again) {
                e.addSuppressed(again);
                throw e;
            }
        }
    }

    /// Writes the readable records to a new file; the damaged file keeps another name.
    Optional<Finding> replaceDamaged() {
        Compaction<R> fresh = compaction();
        try {
            fresh.write();
            disk.link(options.name(), options.name() + DAMAGED_SUFFIX);
            settleOn(fresh);
            return Optional.empty();
        } catch (IOException e) {
            fresh.abandon();
            return Optional.of(new Finding(
                    Finding.Kind.DAMAGED,
                    "The readable records of the damaged " + words.name() + " cannot be written anew (" + reason(e)
                            + "): it is used as it is"));
        }
    }

    /// @throws IOException when they could not be written, or the file was deleted or replaced; then none of
    ///     them is in the file
    void append(List<R> records) throws IOException {
        if (lost != null) {
            throw lost;
        }
        finishCompaction();
        byte[] lines = content.lines(records).getBytes(StandardCharsets.ISO_8859_1);
        write(begun ? lines : concat(beginning(), lines));
        begun = true;
        content.apply(records);
        Compaction<R> running = compaction;
        if (running != null) {
            running.also(lines);
        } else if (end > options.compactAboveBytes() && end > 2 * compactedBytes) {
            Compaction<R> next = compaction();
            compaction = next;
            elsewhere.execute(next);
        }
    }

    /// Writes the whole file again when another program has deleted or replaced it. All of its content is known
    /// here.
    ///
    /// @return whether it was lost and has been written again
    /// @throws IOException when it is lost and cannot be written
    boolean restoreIfLost() throws IOException {
        finishCompaction();
        if (compaction != null) {
            return false;
        }
        lost = null;
        if (!isLost()) {
            return false;
        }
        try {
            return writeAnew();
        } catch (IOException e) {
            lost = e;
            throw e;
        }
    }

    /// Writes the whole file again, when it cannot be appended to although other files can be written.
    ///
    /// @return whether it was written; false while a compaction runs, which does the same: the next check tries
    ///     again
    /// @throws IOException when it cannot be written or renamed
    boolean writeAnew() throws IOException {
        makeWay();
        finishCompaction();
        if (compaction != null) {
            return false;
        }
        Compaction<R> fresh = compaction();
        try {
            fresh.write();
            settleOn(fresh);
            return true;
        } catch (IOException e) {
            fresh.abandon();
            throw e;
        }
    }

    /// Tests with a temporary file whether an append could be written now.
    ///
    /// @throws IOException when it could not
    void tryDisk() throws IOException {
        makeWay();
        String trial = options.name() + TRIAL_SUFFIX;
        var _ = clear(disk, trial);
        try (JournalDisk.OpenFile open = disk.open(trial)) {
            writeAll(open, new byte[TRIAL_BYTES], 0);
        } finally {
            disk.delete(trial);
        }
    }

    /// Renames a file that could not be read.
    private void makeWay() throws IOException {
        if (inTheWay) {
            String _ = putAside(disk, options.name());
            inTheWay = false;
            dirty = false;
        }
    }

    /// A file without records of ours cannot be lost.
    private boolean isLost() throws IOException {
        JournalDisk.OpenFile open = file;
        return open == null
                ? end > 0 && !inTheWay && !disk.exists(options.name())
                : !disk.leadsTo(options.name(), open);
    }

    /// Bytes of whole records in the file.
    long bytes() {
        return end;
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }

    private Compaction<R> compaction() {
        return new Compaction<>(disk, options, content.header(), content::lines, content.records());
    }

    private byte[] beginning() {
        return (end == 0 ? content.header() : content.processStart()).getBytes(StandardCharsets.ISO_8859_1);
    }

    private void write(byte[] bytes) throws IOException {
        makeWay();
        JournalDisk.OpenFile open = file;
        if (open == null) {
            open = disk.open(options.name());
            file = open;
            namesInDoubt = options.sync();
        }
        if (namesInDoubt) { // otherwise a crash could bring back an old file without the records written now
            disk.syncNames();
            namesInDoubt = false;
        }
        if (dirty) {
            open.truncate(end);
            dirty = false;
        }
        try {
            writeAll(open, bytes, end);
            if (options.sync()) {
                open.sync();
            }
            end += bytes.length;
        } catch (IOException e) {
            dirty = true;
            try {
                open.truncate(end);
                dirty = false;
            } catch (IOException again) {
                e.addSuppressed(again); // tried again before the next append
            }
            throw e;
        }
    }

    /// A regular file takes all bytes at once unless the disk is full; then writing the rest fails with the reason.
    static void writeAll(JournalDisk.OpenFile open, byte[] bytes, long at) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
            if (open.write(rest, at + rest.position()) <= 0) {
                throw new IOException("nothing could be written at offset " + (at + rest.position()));
            }
        }
    }

    /// Puts the compacted file into use. When that fails the old one stays in use; it has everything.
    private void finishCompaction() {
        Compaction<R> done = compaction;
        if (done == null || !done.isDone()) {
            return;
        }
        compaction = null;
        try {
            settleOn(done);
        } catch (IOException _) {
            done.abandon();
            compactedBytes = end; // not again before the file has doubled
        }
    }

    private void settleOn(Compaction<R> done) throws IOException {
        long size = done.complete();
        removeDirectory();
        JournalDisk.OpenFile replacement = done.takeIntoUse();
        JournalDisk.OpenFile old = file;
        file = replacement;
        end = size;
        compactedBytes = size;
        begun = true;
        dirty = false;
        lost = null;
        inTheWay = false;
        namesInDoubt = options.sync();
        if (old != null) {
            try {
                old.close();
            } catch (IOException _) {
                // it has no name any more, and the new file has all its records
            }
        }
    }

    /// A rename cannot replace a directory.
    private void removeDirectory() throws IOException {
        if (!disk.isDirectory(options.name())) {
            return;
        }
        try {
            String _ = putAside(disk, options.name());
        } catch (IOException e) {
            FileAlreadyExistsException taken = new FileAlreadyExistsException(
                    options.name(),
                    null,
                    "a directory has that name and cannot be renamed (" + reason(e) + "): remove it");
            taken.addSuppressed(e);
            throw taken;
        }
    }

    private static byte[] concat(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }

    private static String reason(IOException e) {
        return e.getClass().getSimpleName() + ": " + e.getMessage();
    }
}
