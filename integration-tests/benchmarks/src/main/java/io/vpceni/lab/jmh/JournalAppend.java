package io.vpceni.lab.jmh;

import io.vpceni.ipamd.journal.JournalFile;
import io.vpceni.pool.JournalRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// What the journal adds to an ADD: one [JournalRecord.Assigned] is appended to a file. The records are those of 250
/// pods, round and round, so the file is compacted as often as ipamd would do it.
///
/// The file is below `java.io.tmpdir`; with `sync` it is that disk which is measured.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@SuppressWarnings("NullAway.Init") // @Setup sets what has to be
public class JournalAppend {

    private static final int PODS = 250;

    /// Whether each append waits for the disk.
    @Param({"false", "true"})
    public boolean sync;

    private final List<List<JournalRecord>> records = new ArrayList<>();
    private JournalDirectory directory;
    private JournalFile file;
    private int next;

    /// Makes the directory and the records.
    ///
    /// @throws IOException when the directory cannot be made
    @Setup
    public void open() throws IOException {
        NumberedNode node = new NumberedNode(PODS);
        for (int pod = 0; pod < PODS; pod++) {
            records.add(List.of(new JournalRecord.Assigned(node.assignment(pod), JournalDirectory.now(0))));
        }
        directory = JournalDirectory.make();
        file = directory.open(sync, 0).file();
    }

    /// Deletes the directory.
    ///
    /// @throws IOException when something stays
    @TearDown
    public void close() throws IOException {
        file.close();
        directory.close();
    }

    /// One record.
    ///
    /// @return bytes of the file
    /// @throws IOException when it cannot be written
    @Benchmark
    public long append() throws IOException {
        file.append(records.get(next++ % PODS));
        return file.bytes();
    }
}
