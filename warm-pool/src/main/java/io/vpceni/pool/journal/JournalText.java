package io.vpceni.pool.journal;

import io.vpceni.pool.JournalRecord;
import java.time.Instant;
import java.util.List;

/// The journal as [CheckedLines] (docs/journal.md).
public final class JournalText {

    /// The version of the format that this class writes and reads.
    public static final int FORMAT = 1;

    static final String MAGIC = "vpc-eni-journal";
    static final String CLOCK = "clock";
    static final String GAP = "gap";

    private JournalText() {}

    /// The first line of a file.
    public static String header() {
        return header(FORMAT);
    }

    static String header(int format) {
        return CheckedLines.header(MAGIC, format);
    }

    /// The line with which a life of ipamd begins. The times of all lines behind it are that life's.
    public static String processStart(JournalClock clock) {
        return line(CLOCK + " " + Fields.encode(clock.bootId()) + " " + clock.origin());
    }

    /// The line that tells later processes that records from before that time may be missing.
    public static String gap(Instant at) {
        return line(GAP + " " + at);
    }

    /// One line for each record.
    public static String lines(List<JournalRecord> records) {
        StringBuilder out = new StringBuilder(160 * records.size());
        for (JournalRecord entry : records) {
            out.append(line(RecordText.write(entry)));
        }
        return out.toString();
    }

    /// Reads what an earlier life wrote, whatever became of it, and is here as a whole ([JournalReader]: in
    /// pieces). Never throws.
    ///
    /// @param text the file's bytes, one character each
    /// @param clock of the life that reads: all times are translated to it
    public static JournalReading read(String text, JournalClock clock) {
        JournalReader reader = new JournalReader(clock);
        byte[] bytes = CheckedLines.bytes(text);
        reader.read(bytes, bytes.length);
        return reader.reading();
    }

    static String line(String body) {
        return CheckedLines.line(body);
    }
}
