package io.vpceni.ipamd.journal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Writes the records that are still needed into a new file beside the old one.
///
/// [#run] does the long part, on any thread. Meanwhile the owner appends to the old file and passes the same lines to
/// [#also]; at the end it adds those lines to the new file and renames it. Whenever the machine stops, the file under
/// the old name is complete: the old file until the rename, the new one after it.
final class Compaction<R> implements Runnable {

    /// Bytes of lines that arrive meanwhile. More than that means that the disk is stuck: then the old file
    /// stays in use.
    static final int MEANWHILE_BYTES_MAX = 1 << 20;

    private final JournalDisk disk;
    private final JournalFile.FileOptions options;
    private final String beginning;
    private final Function<List<R>, String> lines;
    private final List<R> records;
    private final String name;
    private final CountDownLatch done = new CountDownLatch(1);
    private final ByteArrayOutputStream meanwhile = new ByteArrayOutputStream(); // the owner's
    private boolean tooMuch; // the owner's

    // Written before `done` counts down, read after.
    private JournalDisk.@Nullable OpenFile file;
    private @Nullable IOException failure;
    private long size;

    /// @param beginning all lines before the first record
    /// @param lines writes records, on the thread that runs this
    Compaction(
            JournalDisk disk,
            JournalFile.FileOptions options,
            String beginning,
            Function<List<R>, String> lines,
            List<R> records) {
        this.disk = disk;
        this.options = options;
        this.beginning = beginning;
        this.lines = lines;
        this.records = List.copyOf(records);
        this.name = options.name() + RecordFile.NEW_SUFFIX;
    }

    @Override
    public void run() {
        try {
            write();
        } catch (IOException e) {
            failure = e;
            done.countDown();
        }
    }

    /// The long part.
    void write() throws IOException {
        var _ = RecordFile.clear(disk, name);
        JournalDisk.OpenFile open = disk.open(name);
        file = open;
        byte[] bytes = (beginning + lines.apply(records)).getBytes(StandardCharsets.ISO_8859_1);
        RecordFile.writeAll(open, bytes, 0);
        if (options.sync()) {
            open.sync();
        }
        size = bytes.length;
        done.countDown();
    }

    boolean isDone() {
        return done.getCount() == 0;
    }

    /// What was appended to the old file since.
    void also(byte[] lines) {
        tooMuch |= meanwhile.size() + lines.length > MEANWHILE_BYTES_MAX;
        if (!tooMuch) {
            meanwhile.writeBytes(lines);
        }
    }

    /// Adds the lines that were appended meanwhile.
    ///
    /// @return the new file's size in bytes
    /// @throws IOException when the new file cannot be used
    long complete() throws IOException {
        JournalDisk.OpenFile open = written();
        if (tooMuch) {
            throw new IOException("more than " + MEANWHILE_BYTES_MAX + " bytes came while the file was compacted");
        }
        RecordFile.writeAll(open, meanwhile.toByteArray(), size);
        if (options.sync() && meanwhile.size() > 0) {
            open.sync();
        }
        return size + meanwhile.size();
    }

    JournalDisk.OpenFile takeIntoUse() throws IOException {
        disk.rename(name, options.name());
        return written();
    }

    private JournalDisk.OpenFile written() throws IOException {
        if (failure != null) {
            throw failure;
        }
        JournalDisk.OpenFile open = file;
        if (open == null) {
            throw new IllegalStateException("the compaction is not done");
        }
        return open;
    }

    /// The old file stays in use.
    void abandon() {
        try {
            if (file != null) {
                file.close();
            }
            disk.delete(name);
        } catch (IOException _) {
            // the next compaction or the next start deletes it
        }
    }
}
