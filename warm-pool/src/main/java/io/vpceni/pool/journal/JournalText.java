package io.vpceni.pool.journal;

import io.vpceni.pool.JournalRecord;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;

/// The journal as text of one-byte characters (docs/journal.md): a first line that names the format, then lines that
/// each begin with the checksum of the rest.
public final class JournalText {

    /// The version of the format that this class writes and reads.
    public static final int FORMAT = 1;

    static final String MAGIC = "vpc-eni-journal";
    static final String CLOCK = "clock";
    static final String GAP = "gap";
    static final int SUM_DIGITS = 8;

    private static final HexFormat HEX = HexFormat.of();

    private JournalText() {}

    /// The first line of a file.
    public static String header() {
        return header(FORMAT);
    }

    static String header(int format) {
        String name = MAGIC + " " + format;
        return name + " " + HEX.toHexDigits(sum(name)) + "\n";
    }

    /// The line with which a life of ipamd begins. The times of all lines behind it are that life's.
    public static String life(JournalClock clock) {
        return line(CLOCK + " " + Fields.encode(clock.bootId()) + " " + clock.origin());
    }

    /// The line that tells later lives that records from before that time may be missing.
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

    /// Reads what an earlier life wrote, whatever became of it. Never throws.
    ///
    /// @param text the file's bytes, one character each
    /// @param clock of the life that reads: all times are translated to it
    public static JournalReading read(String text, JournalClock clock) {
        return new JournalReader(clock).read(text);
    }

    static String line(String body) {
        return HEX.toHexDigits(sum(body)) + " " + body + "\n";
    }

    /// Whether this piece of text is the checksum of the rest and the rest.
    static boolean checks(String text, int from, int to) {
        if (to - from <= SUM_DIGITS + 1 || text.charAt(from + SUM_DIGITS) != ' ') {
            return false;
        }
        for (int i = from; i < from + SUM_DIGITS; i++) {
            if (!HexFormat.isHexDigit(text.charAt(i))) {
                return false;
            }
        }
        return HexFormat.fromHexDigits(text, from, from + SUM_DIGITS) == sum(text.substring(from + SUM_DIGITS + 1, to));
    }

    static int sum(String text) {
        CRC32C crc = new CRC32C();
        for (int i = 0; i < text.length(); i++) {
            crc.update(text.charAt(i));
        }
        return (int) crc.getValue();
    }
}
