package io.vpceni.ipamd.journal;

import io.vpceni.eni.lifecycle.Intent;
import io.vpceni.eni.lifecycle.IntentText;
import io.vpceni.eni.lifecycle.OpenIntents;
import io.vpceni.pool.journal.CheckedLines;
import io.vpceni.pool.journal.Finding;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/// The intents: ENI operations, written before EC2 is called, in a [RecordFile] on disk, because an ENI survives ipamd
/// and a reboot. Every append waits for the disk (fdatasync).
///
/// Confined to one thread; [#openWorks] from any.
public final class IntentFile implements AutoCloseable {

    /// The file's name in VPC_ENI_STATE_DIRECTORY.
    public static final String NAME = "eni.intents";

    /// 16 KiB: the intents of some 50 ENIs.
    private static final int COMPACT_ABOVE_BYTES = 16 << 10;

    private static final String WITHOUT = "EC2 lists the ENIs, and unattached ones of this node are deleted";

    private static final RecordFile.Words WORDS = new RecordFile.Words(
            "file of intents", WITHOUT, "nothing is written, and no ENI is created, changed or deleted, until it can");

    /// A file that is ready for appends, and its content.
    ///
    /// @param open the last intent of each operation that has not ended
    /// @param findings for the log and the metrics
    public record Opened(IntentFile file, List<Intent> open, List<Finding> findings) {
        public Opened {
            open = List.copyOf(open);
            findings = List.copyOf(findings);
        }
    }

    private record Said(OpenIntents open) implements RecordFile.Content<Intent> {
        @Override
        public String header() {
            return IntentText.header();
        }

        @Override
        public String processStart() {
            return "";
        }

        @Override
        public String lines(List<Intent> intents) {
            return IntentText.lines(intents);
        }

        @Override
        public void apply(List<Intent> intents) {
            intents.forEach(open::apply);
        }

        @Override
        public List<Intent> records() {
            return open.list();
        }
    }

    private final RecordFile<Intent> file;
    private final OpenIntents open;
    private volatile int openWorks;

    private IntentFile(RecordFile<Intent> file, OpenIntents open) {
        this.file = file;
        this.open = open;
        this.openWorks = open.count();
    }

    /// Reads the file and prepares it for appends. Never fails: a file that cannot be read is renamed and
    /// reported, and appends fail while nothing can be written.
    ///
    /// @param elsewhere runs compactions: on a thread of their own, or at once
    public static Opened open(JournalDisk disk, Executor elsewhere) {
        return open(disk, new JournalFile.FileOptions(NAME, true, COMPACT_ABOVE_BYTES), elsewhere);
    }

    static Opened open(JournalDisk disk, JournalFile.FileOptions options, Executor elsewhere) {
        RecordFile.Found<OpenIntents> found =
                RecordFile.find(disk, options.name(), WORDS, new IntentReader(new IntentText.Reader()));
        OpenIntents open = found.state().orElseGet(OpenIntents::new);
        List<Intent> before = open.list();
        RecordFile<Intent> file = new RecordFile<>(disk, options, WORDS, new Said(open), elsewhere, found);
        List<Finding> findings = new ArrayList<>(found.findings());
        if (found.damaged()) {
            file.replaceDamaged().ifPresent(findings::add);
        }
        return new Opened(new IntentFile(file, open), before, findings);
    }

    private record IntentReader(IntentText.Reader reader) implements RecordFile.Reader<OpenIntents> {
        @Override
        public void take(byte[] bytes, int length) {
            reader.read(bytes, length);
        }

        @Override
        public RecordFile.Read<OpenIntents> end() {
            IntentText.ReadIntents reading = reader.reading();
            CheckedLines.Read read = reading.read();
            return new RecordFile.Read<>(
                    reading.open(),
                    read.end(),
                    read.tornBytes() > 0,
                    read.damagedBytes() > 0,
                    read.newerFormat().isPresent(),
                    findings(reading));
        }
    }

    private static List<Finding> findings(IntentText.ReadIntents reading) {
        CheckedLines.Read read = reading.read();
        List<Finding> findings = new ArrayList<>();
        read.newerFormat()
                .ifPresent(format -> findings.add(new Finding(
                        Finding.Kind.NEWER_FORMAT,
                        "The file of intents has format " + format + " and this ipamd knows " + IntentText.FORMAT
                                + ": it is renamed and not read; " + WITHOUT)));
        if (read.damagedBytes() > 0) {
            findings.add(new Finding(
                    Finding.Kind.DAMAGED,
                    "The file of intents is damaged: " + read.damagedBytes() + " bytes, the first at offset "
                            + read.firstDamage() + ", are not what was written; " + reading.lines()
                            + " intents are readable and kept; " + WITHOUT));
        }
        if (read.tornBytes() > 0) {
            findings.add(new Finding(
                    Finding.Kind.TORN_TAIL,
                    "The last " + read.tornBytes() + " bytes of the file of intents are one that was written only in"
                            + " part; they are cut off, EC2 had not been asked"));
        }
        return findings;
    }

    /// Appends all of them and waits for the disk.
    ///
    /// @throws IOException when they could not be written; then none of them is in the file
    public void append(List<Intent> intents) throws IOException {
        file.append(intents);
        openWorks = open.count();
    }

    /// Writes the file again when another program has deleted it.
    ///
    /// @return whether it was lost and has been written again
    /// @throws IOException when it is lost and cannot be written
    public boolean restoreIfLost() throws IOException {
        return file.restoreIfLost();
    }

    /// Operations that have not ended.
    public int openWorks() {
        return openWorks;
    }

    /// Bytes of whole intents in the file.
    public long bytes() {
        return file.bytes();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
