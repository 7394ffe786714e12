package io.vpceni.pool.journal;

import java.util.HexFormat;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/// Text of one-byte characters whose lines each begin with the checksum of the rest (docs/journal.md). The first line
/// names the format; on it the checksum stands last.
public final class CheckedLines {

    static final int SUM_DIGITS = 8;

    private static final HexFormat HEX = HexFormat.of();
    private static final Pattern HEADER = Pattern.compile("(([a-z-]+) ([0-9]{1,9})) ([0-9a-f]{8})");

    /// What became of a text.
    ///
    /// @param end where the next line goes, in bytes: behind the last complete one
    /// @param tornBytes what stands behind it: written only in part
    /// @param damagedBytes before it, that are not what was written
    /// @param firstDamage the offset of the first of them; -1 for none
    /// @param newerFormat the format's version, when it is later than the reader's: then nothing was read
    public record Read(int end, int tornBytes, int damagedBytes, int firstDamage, OptionalInt newerFormat) {}

    private final String text;
    private final Predicate<String> take;
    private int damagedBytes;
    private int firstDamage = -1;

    private CheckedLines(String text, Predicate<String> take) {
        this.text = text;
        this.take = take;
    }

    /// The first line of a file.
    ///
    /// @param magic lower case letters and dashes
    public static String header(String magic, int format) {
        String name = magic + " " + format;
        return name + " " + HEX.toHexDigits(sum(name)) + "\n";
    }

    /// One line.
    ///
    /// @param body visible ASCII and spaces
    public static String line(String body) {
        return HEX.toHexDigits(sum(body)) + " " + body + "\n";
    }

    /// Reads what was written, whatever became of it. Never throws unless `take` does.
    ///
    /// @param text a file's bytes, one character each
    /// @param format the latest version that the caller knows
    /// @param take gets the body of each whole line, in order; false when it is whole and yet says nothing that the
    ///     caller knows: it counts as damage
    public static Read read(String text, String magic, int format, Predicate<String> take) {
        int end = text.lastIndexOf('\n') + 1;
        int torn = text.length() - end;
        int from = 0;
        if (end > 0) {
            int behind = text.indexOf('\n') + 1;
            Matcher header = HEADER.matcher(text.substring(0, behind - 1));
            if (header.matches()
                    && header.group(2).equals(magic)
                    && HexFormat.fromHexDigits(header.group(4)) == sum(header.group(1))) {
                int version = Integer.parseInt(header.group(3));
                if (version > format) {
                    return new Read(0, 0, 0, -1, OptionalInt.of(version));
                }
                from = behind;
            }
        }
        CheckedLines reader = new CheckedLines(text, take);
        while (from < end) {
            int newline = text.indexOf('\n', from);
            reader.line(from, newline);
            from = newline + 1;
        }
        return new Read(end, torn, reader.damagedBytes, reader.firstDamage, OptionalInt.empty());
    }

    /// One line; or, when a newline was damaged, two or more in one.
    private void line(int from, int to) {
        if (checks(from, to) && take.test(text.substring(from + SUM_DIGITS + 1, to))) {
            return;
        }
        for (int start = from + 1; start < to; start++) {
            if (checks(start, to)) {
                if (start - from > 1) {
                    line(from, start - 1); // all of it is shorter: this ends
                }
                damaged(start - 1, 1);
                line(start, to);
                return;
            }
        }
        damaged(from, to + 1 - from);
    }

    private void damaged(int offset, int bytes) {
        firstDamage = firstDamage < 0 ? offset : Math.min(firstDamage, offset);
        damagedBytes += bytes;
    }

    /// Whether this piece of the text is the checksum of the rest and the rest.
    private boolean checks(int from, int to) {
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

    private static int sum(String text) {
        CRC32C crc = new CRC32C();
        for (int i = 0; i < text.length(); i++) {
            crc.update(text.charAt(i));
        }
        return (int) crc.getValue();
    }
}
