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

/// Records in a file, one line each, the last word on a thing winning.
///
/// One append is one `write(2)` of whole lines at the offset behind the last good one. What a failed append left there
/// is cut off, at the latest before the next. Opening writes nothing: what tells of this life goes out with its first
/// records, so that a full disk hinders no start.
///
/// Confined to one thread; only a [Compaction] works elsewhere.
final class RecordFile<R> implements AutoCloseable {

    static final String NEW_SUFFIX = ".new";
    static final String DAMAGED_SUFFIX = ".damaged";
    static final String ASIDE_SUFFIX = ".unread";
    private static final String SECOND = ".2";
    private static final String TRIAL_SUFFIX = ".try";

    /// A page: less may still fit into the last one of a disk that is full.
    private static final int TRIAL_BYTES = 4096;

    /// What stands in the file, and what it says so far. Mutable.
    interface Content<R> {
        /// All lines before the first record of a new file.
        String header();

        /// All lines before the first record of a life in a file that was there.
        String processStart();

        String lines(List<R> records);

        /// These were written.
        void apply(List<R> records);

        /// Records that say the same again.
        List<R> records();
    }

    /// How people hear of the file.
    ///
    /// @param name as in `journal`
    /// @param without what happens when it is not read
    /// @param stuck what happens when nothing can be written
    record Words(String name, String without, String stuck) {}

    /// What a text turned out to be.
    ///
    /// @param end where the next record goes, in bytes
    /// @param torn whether something stands there
    /// @param refused whether nothing of it is used, as when it is of a later version
    record Read<S>(S state, long end, boolean torn, boolean damaged, boolean refused, List<Finding> findings) {}

    /// Reads one file, once.
    interface Reader<S> extends RegularFile.Sink {
        /// Called once, when all of the file was taken.
        Read<S> end();
    }

    /// What was there.
    ///
    /// @param state empty when nothing was read
    /// @param absent whether there was no file
    /// @param inTheWay whether a file that nobody has read still has the name
    record Found<S>(
            Optional<S> state,
            boolean absent,
            long end,
            boolean torn,
            boolean damaged,
            boolean inTheWay,
            List<Finding> findings) {}

    private final JournalDisk disk;
    private final JournalFile.Habits habits;
    private final Words words;
    private final Content<R> content;
    private final Executor elsewhere;

    private JournalDisk.@Nullable OpenFile file;
    private long end;
    private boolean begun;
    private boolean dirty;
    private boolean inTheWay;
    private boolean namesInDoubt;
    private @Nullable IOException lost; // why what others put in the file's place cannot be replaced
    private long compactedBytes;
    private @Nullable Compaction<R> compaction;

    /// @param found what [#find] said
    /// @param elsewhere where compaction runs: a thread of its own, or at once
    RecordFile(
            JournalDisk disk,
            JournalFile.Habits habits,
            Words words,
            Content<R> content,
            Executor elsewhere,
            Found<?> found) {
        this.disk = disk;
        this.habits = habits;
        this.words = words;
        this.content = content;
        this.elsewhere = elsewhere;
        this.end = found.end();
        this.dirty = found.torn();
        this.inTheWay = found.inTheWay();
        this.compactedBytes = 0; // what earlier lives left is compacted by the first append, if it is long
    }

    /// Reads what is there. Never fails: what cannot be read is renamed and reported.
    static <S> Found<S> find(JournalDisk disk, String name, Words words, Reader<S> reader) {
        List<Finding> findings = new ArrayList<>();
        try {
            clear(disk, name + NEW_SUFFIX) // a compaction that did not come to its end
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

    /// Deletes what has that name; what cannot be deleted, as a directory with files, is renamed.
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
        } catch (IOException e) { // a directory takes no file's place, and no file a directory's
            try {
                disk.rename(name, aside + SECOND);
                return aside + SECOND;
            } catch (IOException again) {
                e.addSuppressed(again);
                throw e;
            }
        }
    }

    /// Writes the readable records anew; the damaged file keeps another name.
    Optional<Finding> replaceDamaged() {
        Compaction<R> fresh = compaction();
        try {
            fresh.write();
            disk.link(habits.name(), habits.name() + DAMAGED_SUFFIX);
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

    /// @throws IOException when they are not there, or the file has lost its name, so that nobody would find them;
    ///     nothing of them is
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
        } else if (end > habits.compactAboveBytes() && end > 2 * compactedBytes) {
            Compaction<R> next = compaction();
            compaction = next;
            elsewhere.execute(next);
        }
    }

    /// Writes the whole file anew when somebody has deleted it or put another in its place. All that it said is
    /// known here.
    ///
    /// @return whether it was lost and is there again
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

    /// Writes the whole file anew, for one that takes no append though its disk takes other files.
    ///
    /// @return whether it is there; false while a compaction runs, which may do the same: the next look has to do
    /// @throws IOException when it cannot be written or not get the name
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

    /// Whether an append could be written now: tried with a file beside it, which does not stay.
    ///
    /// @throws IOException when it could not
    void tryDisk() throws IOException {
        makeWay();
        String trial = habits.name() + TRIAL_SUFFIX;
        var _ = clear(disk, trial);
        try (JournalDisk.OpenFile open = disk.open(trial)) {
            writeAll(open, new byte[TRIAL_BYTES], 0);
        } finally {
            disk.delete(trial);
        }
    }

    /// A file that nobody could read goes out of the way.
    private void makeWay() throws IOException {
        if (inTheWay) {
            String _ = putAside(disk, habits.name());
            inTheWay = false;
            dirty = false;
        }
    }

    /// A file that has nothing of ours in it yet cannot be lost.
    private boolean isLost() throws IOException {
        JournalDisk.OpenFile open = file;
        return open == null ? end > 0 && !inTheWay && !disk.exists(habits.name()) : !disk.leadsTo(habits.name(), open);
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
        return new Compaction<>(disk, habits, content.header(), content::lines, content.records());
    }

    private byte[] beginning() {
        return (end == 0 ? content.header() : content.processStart()).getBytes(StandardCharsets.ISO_8859_1);
    }

    private void write(byte[] bytes) throws IOException {
        makeWay();
        JournalDisk.OpenFile open = file;
        if (open == null) {
            open = disk.open(habits.name());
            file = open;
            namesInDoubt = habits.sync();
        }
        if (namesInDoubt) { // else the machine's end could bring a file back that has not got what is written now
            disk.syncNames();
            namesInDoubt = false;
        }
        if (dirty) {
            open.truncate(end);
            dirty = false;
        }
        try {
            writeAll(open, bytes, end);
            if (habits.sync()) {
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

    /// A regular file takes all of it at once unless the disk is full; then the rest fails with the reason.
    static void writeAll(JournalDisk.OpenFile open, byte[] bytes, long at) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
            if (open.write(rest, at + rest.position()) <= 0) {
                throw new IOException("nothing could be written at offset " + (at + rest.position()));
            }
        }
    }

    /// Takes the compacted file into use. When that fails the old one goes on, for it has everything.
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
            compactedBytes = end; // not again before it has doubled
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
        namesInDoubt = habits.sync();
        if (old != null) {
            try {
                old.close();
            } catch (IOException _) {
                // it has no name any more, and all of it is in the new one
            }
        }
    }

    /// A rename takes no directory's place.
    private void removeDirectory() throws IOException {
        if (!disk.isDirectory(habits.name())) {
            return;
        }
        try {
            String _ = putAside(disk, habits.name());
        } catch (IOException e) {
            FileAlreadyExistsException taken = new FileAlreadyExistsException(
                    habits.name(),
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
