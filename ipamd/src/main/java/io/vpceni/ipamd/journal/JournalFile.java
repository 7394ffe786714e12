package io.vpceni.ipamd.journal;

import io.vpceni.pool.JournalRecord;
import io.vpceni.pool.journal.Finding;
import io.vpceni.pool.journal.Journal;
import io.vpceni.pool.journal.JournalClock;
import io.vpceni.pool.journal.JournalReading;
import io.vpceni.pool.journal.JournalState;
import io.vpceni.pool.journal.JournalText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/// The journal in a file.
///
/// One append is one `write(2)` of whole lines at the offset behind the last good one. What a failed append left there
/// is cut off, at the latest before the next. Opening writes nothing: the line that tells the clock of this life goes
/// out with its first records, so that a full disk hinders no start.
///
/// Confined to one thread; only a [Compaction] works elsewhere.
public final class JournalFile implements Journal, AutoCloseable {

    static final String NEW_SUFFIX = ".new";
    static final String DAMAGED_SUFFIX = ".damaged";
    static final String ASIDE_SUFFIX = ".unread";

    /// What the journal's place and habits are.
    ///
    /// @param name of the file
    /// @param sync whether each append waits for the disk itself. It need not where the file goes with the
    ///     machine anyway (`/run` is memory), and a process that dies loses nothing that it wrote
    /// @param compactAboveBytes smaller files are never compacted; above it, when the file has doubled since
    public record Habits(String name, boolean sync, int compactAboveBytes) {
        /// 256 KiB: some 1,500 records.
        public static final int COMPACT_ABOVE_BYTES = 256 << 10;
    }

    /// A journal that is ready to append to, and what it held.
    ///
    /// @param state what an earlier life wrote, in the times of this one
    /// @param findings for the log and the metrics
    public record Opened(JournalFile file, JournalState state, List<Finding> findings) {}

    private final JournalDisk disk;
    private final Habits habits;
    private final JournalClock clock;
    private final InstantSource time;
    private final Executor elsewhere;

    private JournalDisk.@Nullable OpenFile file;
    private long end;
    private boolean begun;
    private boolean dirty;
    private boolean inTheWay;
    private long compactedBytes;
    private final JournalState state;
    private @Nullable Compaction compaction;

    private JournalFile(
            JournalDisk disk, Habits habits, JournalClock clock, InstantSource time, Executor elsewhere, Found found) {
        this.disk = disk;
        this.habits = habits;
        this.clock = clock;
        this.time = time;
        this.elsewhere = elsewhere;
        this.state = found.state().copy();
        if (state.trust() == JournalState.Trust.GAPS) {
            state.noteGap(time.instant());
        }
        this.end = found.end();
        this.dirty = found.torn();
        this.inTheWay = found.inTheWay();
        this.compactedBytes = found.end();
    }

    /// @param inTheWay whether a file that nobody has read still has the journal's name
    private record Found(
            JournalState state, long end, boolean torn, boolean damaged, boolean inTheWay, List<Finding> findings) {
        static Found unread(JournalDisk disk, String name, List<Finding> findings) {
            JournalState state = new JournalState(JournalState.Trust.GAPS);
            List<Finding> all = new ArrayList<>(findings);
            try {
                disk.rename(name, name + ASIDE_SUFFIX);
                all.add(new Finding(Finding.Kind.UNREADABLE, "The unread journal is kept as " + name + ASIDE_SUFFIX));
                return new Found(state, 0, false, false, false, all);
            } catch (IOException e) {
                all.add(new Finding(
                        Finding.Kind.UNREADABLE,
                        "The unread journal cannot be put aside (" + reason(e)
                                + "): nothing is written, and no pod gets an address, until it can"));
                return new Found(state, 0, true, false, true, all);
            }
        }
    }

    /// Reads what is there and makes ready to append. Never fails: what cannot be read is put aside and reported, and
    /// what cannot be written fails the appends.
    ///
    /// @param clock of the life that begins
    /// @param time in the same words as the records that will come
    /// @param elsewhere where compaction runs: a thread of its own, or at once
    public static Opened open(
            JournalDisk disk, Habits habits, JournalClock clock, InstantSource time, Executor elsewhere) {
        Found found = find(disk, habits.name(), clock);
        JournalFile file = new JournalFile(disk, habits, clock, time, elsewhere, found);
        List<Finding> findings = new ArrayList<>(found.findings());
        if (found.damaged()) {
            file.replaceDamaged().ifPresent(findings::add);
        }
        return new Opened(file, found.state(), findings);
    }

    private static Found find(JournalDisk disk, String name, JournalClock clock) {
        Optional<byte[]> bytes;
        try {
            disk.delete(name + NEW_SUFFIX); // a compaction that did not come to its end
            bytes = disk.read(name);
        } catch (IOException e) {
            Finding finding = new Finding(
                    Finding.Kind.UNREADABLE,
                    "The journal cannot be read (" + reason(e) + "): the kernel and EC2 say what they know");
            return Found.unread(disk, name, List.of(finding));
        }
        if (bytes.isEmpty()) {
            return new Found(new JournalState(JournalState.Trust.ABSENT), 0, false, false, false, List.of());
        }
        JournalReading reading = JournalText.read(new String(bytes.get(), StandardCharsets.ISO_8859_1), clock);
        if (reading.newerFormat().isPresent()) {
            return Found.unread(disk, name, reading.findings());
        }
        return new Found(
                reading.state(),
                reading.end(),
                reading.tornBytes() > 0,
                reading.damagedBytes() > 0,
                false,
                reading.findings());
    }

    /// Writes the readable records anew; the damaged file keeps another name.
    private Optional<Finding> replaceDamaged() {
        Compaction fresh = new Compaction(disk, habits, header(), state.records(time.instant()));
        try {
            fresh.write();
            disk.link(habits.name(), habits.name() + DAMAGED_SUFFIX);
            settleOn(fresh);
            return Optional.empty();
        } catch (IOException e) {
            fresh.abandon();
            return Optional.of(new Finding(
                    Finding.Kind.DAMAGED,
                    "The readable records of the damaged journal cannot be written anew (" + reason(e)
                            + "): it is used as it is"));
        }
    }

    @Override
    public void append(List<JournalRecord> records) throws IOException {
        finishCompaction();
        byte[] lines = JournalText.lines(records).getBytes(StandardCharsets.ISO_8859_1);
        write(begun ? lines : concat(beginning(), lines));
        begun = true;
        records.forEach(state::apply);
        Compaction running = compaction;
        if (running != null) {
            running.also(lines);
        } else if (end > habits.compactAboveBytes() && end > 2 * compactedBytes) {
            Compaction next = new Compaction(disk, habits, header(), state.records(time.instant()));
            compaction = next;
            elsewhere.execute(next);
        }
    }

    /// Bytes of whole records in the file.
    public long bytes() {
        return end;
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }

    private byte[] beginning() {
        return (end == 0 ? header() : life()).getBytes(StandardCharsets.ISO_8859_1);
    }

    private String header() {
        return JournalText.header() + life();
    }

    /// A start right after this one has to know, too, that records may be missing.
    private String life() {
        return JournalText.life(clock) + state.gapAt().map(JournalText::gap).orElse("");
    }

    private void write(byte[] bytes) throws IOException {
        if (inTheWay) {
            disk.rename(habits.name(), habits.name() + ASIDE_SUFFIX);
            inTheWay = false;
            dirty = false;
        }
        JournalDisk.OpenFile open = file;
        if (open == null) {
            open = disk.open(habits.name());
            file = open;
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
        Compaction done = compaction;
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

    private void settleOn(Compaction done) throws IOException {
        long size = done.complete();
        JournalDisk.OpenFile replacement = done.takeIntoUse();
        JournalDisk.OpenFile old = file;
        file = replacement;
        end = size;
        compactedBytes = size;
        begun = true;
        dirty = false;
        if (old != null) {
            try {
                old.close();
            } catch (IOException _) {
                // it has no name any more, and all of it is in the new one
            }
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
