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

    /// Some fifty times the longest line that is written. Of what is longer only the end is looked at, where a
    /// whole line may stand behind a newline that was damaged.
    static final int LINE_BYTES_MAX = 64 << 10;

    private static final HexFormat HEX = HexFormat.of();
    private static final Pattern HEADER = Pattern.compile("(([a-z-]+) ([0-9]{1,9})) ([0-9a-f]{8})");

    /// What became of a text.
    ///
    /// @param end where the next line goes, in bytes: behind the last complete one
    /// @param tornBytes what stands behind it: written only in part
    /// @param damagedBytes before it, that are not what was written; a first line that is missing counts as one
    /// @param firstDamage the offset of the first of them; -1 for none
    /// @param newerFormat the format's version, when it is later than the reader's: then nothing was read
    public record Read(long end, long tornBytes, long damagedBytes, long firstDamage, OptionalInt newerFormat) {}

    private final String magic;
    private final int format;
    private final Predicate<String> take;
    private final StringBuilder text = new StringBuilder(); // what came since the last newline, or its end
    private long textAt; // the offset of its first byte
    private long end;
    private long damagedBytes;
    private long firstDamage = -1;
    private boolean begun;
    private OptionalInt newerFormat = OptionalInt.empty();

    /// Reads what was written, whatever became of it, in pieces: of a file of any length one line is kept.
    ///
    /// @param format the latest version that the caller knows
    /// @param take gets the body of each whole line, in order; false when it is whole and yet says nothing that the
    ///     caller knows: it counts as damage
    public CheckedLines(String magic, int format, Predicate<String> take) {
        this.magic = magic;
        this.format = format;
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

    /// The next bytes of the file. Never throws unless `take` does.
    ///
    /// @param length how many of them count, from the first
    public void read(byte[] bytes, int length) {
        for (int i = 0; i < length && newerFormat.isEmpty(); i++) {
            if (bytes[i] == '\n') {
                line();
            } else {
                if (text.length() == LINE_BYTES_MAX) {
                    text.delete(0, LINE_BYTES_MAX / 2);
                    textAt += LINE_BYTES_MAX / 2;
                }
                text.append((char) (bytes[i] & 0xff));
            }
        }
    }

    /// What became of all of it.
    public Read read() {
        if (newerFormat.isPresent()) {
            return new Read(0, 0, 0, -1, newerFormat);
        }
        return new Read(end, textAt + text.length() - end, damagedBytes, firstDamage, newerFormat);
    }

    /// Reads a text that is here as a whole.
    ///
    /// @param text a file's bytes, one character each
    /// @param take as the constructor's
    public static Read read(String text, String magic, int format, Predicate<String> take) {
        CheckedLines lines = new CheckedLines(magic, format, take);
        byte[] bytes = bytes(text);
        lines.read(bytes, bytes.length);
        return lines.read();
    }

    /// A file's bytes that are here as a text, one character each.
    static byte[] bytes(String text) {
        byte[] bytes = new byte[text.length()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) text.charAt(i);
        }
        return bytes;
    }

    /// Up to a newline.
    private void line() {
        if (textAt > end) {
            damaged(end, textAt - end);
        }
        String line = text.toString();
        if (begun) {
            line(line, 0, line.length());
        } else if (!isHeader(line)) {
            firstLine(line);
        }
        begun = true;
        end = textAt + line.length() + 1;
        textAt = end;
        text.setLength(0);
    }

    /// What stands first and names no format. When it is a whole line the header before it is missing, and nothing
    /// tells what else is.
    private void firstLine(String line) {
        line(line, 0, line.length());
        if (damagedBytes == 0) {
            damaged(0, 1);
        }
    }

    private boolean isHeader(String line) {
        Matcher header = HEADER.matcher(line);
        if (!header.matches()
                || !header.group(2).equals(magic)
                || HexFormat.fromHexDigits(header.group(4)) != sum(header.group(1))) {
            return false;
        }
        int version = Integer.parseInt(header.group(3));
        if (version == 0) {
            return false; // the first format is 1
        }
        newerFormat = version > format ? OptionalInt.of(version) : OptionalInt.empty();
        return true;
    }

    /// One line; or, when a newline was damaged, two or more in one.
    private void line(String text, int from, int to) {
        if (checks(text, from, to) && take.test(text.substring(from + SUM_DIGITS + 1, to))) {
            return;
        }
        for (int start = from + 1; start < to; start++) {
            if (checks(text, start, to)) {
                if (start - from > 1) {
                    line(text, from, start - 1); // all of it is shorter: this ends
                }
                damaged(textAt + start - 1, 1);
                line(text, start, to);
                return;
            }
        }
        damaged(textAt + from, to + 1 - from);
    }

    private void damaged(long offset, long bytes) {
        firstDamage = firstDamage < 0 ? offset : Math.min(firstDamage, offset);
        damagedBytes += bytes;
    }

    /// Whether this piece of the text is the checksum of the rest and the rest.
    private static boolean checks(String text, int from, int to) {
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
