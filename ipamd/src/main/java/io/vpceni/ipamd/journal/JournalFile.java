package io.vpceni.ipamd.journal;

import io.vpceni.pool.JournalRecord;
import io.vpceni.pool.journal.Finding;
import io.vpceni.pool.journal.Journal;
import io.vpceni.pool.journal.JournalClock;
import io.vpceni.pool.journal.JournalReader;
import io.vpceni.pool.journal.JournalReading;
import io.vpceni.pool.journal.JournalState;
import io.vpceni.pool.journal.JournalText;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/// The pool's journal in a [RecordFile]. The line with this process's clock is written with its first records.
///
/// Confined to one thread.
public final class JournalFile implements Journal, AutoCloseable {

    private static final RecordFile.Words WORDS = new RecordFile.Words(
            "journal",
            "the kernel and EC2 say what they know",
            "nothing is written, and no pod gets an address, until it can");

    /// How the file is named, synced and compacted.
    ///
    /// @param name of the file
    /// @param sync whether each append waits for the disk. Not needed in `/run`, which is memory: what was
    ///     written survives the process, and a reboot deletes the file in any case
    /// @param compactAboveBytes smaller files are never compacted; larger ones when they have doubled since the
    ///     last compaction
    public record FileOptions(String name, boolean sync, int compactAboveBytes) {
        /// 256 KiB: some 1,500 records.
        public static final int COMPACT_ABOVE_BYTES = 256 << 10;
    }

    /// A journal that is ready for appends, and its content.
    ///
    /// @param state what earlier processes wrote, with times by this process's clock
    /// @param findings for the log and the metrics
    public record Opened(JournalFile file, JournalState state, List<Finding> findings) {}

    /// The state that all records together give.
    private record Said(JournalState state, JournalClock clock, InstantSource time)
            implements RecordFile.Content<JournalRecord> {
        @Override
        public String header() {
            return JournalText.header() + processStart();
        }

        /// The next start has to know as well that records may be missing.
        @Override
        public String processStart() {
            return JournalText.processStart(clock)
                    + state.gapAt().map(JournalText::gap).orElse("");
        }

        @Override
        public String lines(List<JournalRecord> records) {
            return JournalText.lines(records);
        }

        @Override
        public void apply(List<JournalRecord> records) {
            records.forEach(state::apply);
        }

        @Override
        public List<JournalRecord> records() {
            return state.records(time.instant());
        }
    }

    private final RecordFile<JournalRecord> file;

    private JournalFile(RecordFile<JournalRecord> file) {
        this.file = file;
    }

    /// Reads the file and prepares it for appends. Never fails: a file that cannot be read is renamed and
    /// reported, and appends fail while nothing can be written.
    ///
    /// @param clock of the process that starts
    /// @param time the same time with which the next records are stamped
    /// @param elsewhere runs compactions: on a thread of their own, or at once
    public static Opened open(
            JournalDisk disk, FileOptions options, JournalClock clock, InstantSource time, Executor elsewhere) {
        RecordFile.Found<JournalState> found =
                RecordFile.find(disk, options.name(), WORDS, new JournalLineReader(new JournalReader(clock)));
        JournalState state = found.state()
                .orElseGet(
                        () -> new JournalState(found.absent() ? JournalState.Trust.ABSENT : JournalState.Trust.GAPS));
        Said said = new Said(state.copy(), clock, time);
        if (state.trust() == JournalState.Trust.GAPS) {
            said.state().noteGap(time.instant());
        }
        RecordFile<JournalRecord> file = new RecordFile<>(disk, options, WORDS, said, elsewhere, found);
        List<Finding> findings = new ArrayList<>(found.findings());
        if (found.damaged()) {
            file.replaceDamaged().ifPresent(findings::add);
        }
        return new Opened(new JournalFile(file), state, findings);
    }

    private record JournalLineReader(JournalReader reader) implements RecordFile.Reader<JournalState> {
        @Override
        public void take(byte[] bytes, int length) {
            reader.read(bytes, length);
        }

        @Override
        public RecordFile.Read<JournalState> end() {
            JournalReading reading = reader.reading();
            return new RecordFile.Read<>(
                    reading.state(),
                    reading.end(),
                    reading.tornBytes() > 0,
                    reading.damagedBytes() > 0,
                    reading.refused(),
                    reading.findings());
        }
    }

    @Override
    public void append(List<JournalRecord> records) throws IOException {
        file.append(records);
    }

    @Override
    public boolean restoreIfLost() throws IOException {
        return file.restoreIfLost();
    }

    @Override
    public void tryDisk() throws IOException {
        file.tryDisk();
    }

    @Override
    public boolean writeAnew() throws IOException {
        return file.writeAnew();
    }

    /// Bytes of whole records in the file.
    public long bytes() {
        return file.bytes();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
