package io.vpceni.pool.journal;

import io.vpceni.pool.JournalRecord;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads one journal, once.
final class JournalReader {
    private static final Pattern HEADER = Pattern.compile("(" + JournalText.MAGIC + " ([0-9]{1,9})) ([0-9a-f]{8})");

    private final JournalClock clock;
    private final List<JournalRecord> records = new ArrayList<>();
    private JournalClock writer;
    private @Nullable Instant gapAt;
    private int damagedBytes;
    private int firstDamage = -1;

    JournalReader(JournalClock clock) {
        this.clock = clock;
        this.writer = clock; // a journal whose first clock cannot be read: the times are taken as they stand
    }

    JournalReading read(String text) {
        int end = text.lastIndexOf('\n') + 1;
        int from = 0;
        if (end > 0) {
            int behind = text.indexOf('\n') + 1;
            Matcher header = HEADER.matcher(text.substring(0, behind - 1));
            if (header.matches() && HexFormat.fromHexDigits(header.group(3)) == JournalText.sum(header.group(1))) {
                int format = Integer.parseInt(header.group(2));
                if (format > JournalText.FORMAT) {
                    return newer(format);
                }
                from = behind;
            }
        }
        while (from < end) {
            int newline = text.indexOf('\n', from);
            line(text, from, newline);
            from = newline + 1;
        }
        return reading(end, text.length() - end);
    }

    private JournalReading newer(int format) {
        Finding finding = new Finding(
                Finding.Kind.NEWER_FORMAT,
                "The journal has format " + format + " and this ipamd knows " + JournalText.FORMAT
                        + ": it is put aside unread, and the kernel and EC2 say what they know");
        return new JournalReading(
                new JournalState(JournalState.Trust.GAPS), 0, 0, 0, 0, OptionalInt.of(format), List.of(finding));
    }

    private JournalReading reading(int end, int tornBytes) {
        JournalState state = new JournalState(trust(end));
        records.forEach(state::apply);
        if (gapAt != null) {
            state.noteGap(gapAt);
        }
        List<Finding> findings = new ArrayList<>();
        if (damagedBytes > 0) {
            findings.add(new Finding(
                    Finding.Kind.DAMAGED,
                    "The journal is damaged: " + damagedBytes + " bytes, the first at offset " + firstDamage
                            + ", are not what was written; " + records.size()
                            + " records are readable and kept, the kernel and EC2 say the rest"));
        }
        if (tornBytes > 0) {
            findings.add(new Finding(
                    Finding.Kind.TORN_TAIL,
                    "The last " + tornBytes + " bytes of the journal are a record that was written only in part;"
                            + " they are cut off, nobody had acted upon them"));
        }
        if (state.forgotten() > 0) {
            findings.add(new Finding(
                    Finding.Kind.OVERFLOW,
                    "The journal remembers more than " + JournalState.COUNT_MAX + " things; the oldest "
                            + state.forgotten() + " are forgotten"));
        }
        return new JournalReading(state, records.size(), end, tornBytes, damagedBytes, OptionalInt.empty(), findings);
    }

    private JournalState.Trust trust(int end) {
        if (end == 0) {
            return JournalState.Trust.ABSENT; // not even its first line was ever whole
        }
        return damagedBytes > 0 ? JournalState.Trust.GAPS : JournalState.Trust.WHOLE;
    }

    /// One line; or, when a newline was damaged, two or more in one.
    private void line(String text, int from, int to) {
        if (JournalText.checks(text, from, to) && take(text.substring(from + JournalText.SUM_DIGITS + 1, to))) {
            return;
        }
        for (int start = from + 1; start < to; start++) {
            if (JournalText.checks(text, start, to)) {
                if (start - from > 1) {
                    line(text, from, start - 1); // all of it is shorter: this ends
                }
                damaged(start - 1, 1);
                line(text, start, to);
                return;
            }
        }
        damaged(from, to + 1 - from);
    }

    private void damaged(int offset, int bytes) {
        firstDamage = firstDamage < 0 ? offset : Math.min(firstDamage, offset);
        damagedBytes += bytes;
    }

    /// @return false when it is whole and yet nothing that this version writes
    private boolean take(String body) {
        try {
            if (body.startsWith(JournalText.CLOCK + " ")) {
                List<String> words = RecordText.split(body);
                writer = new JournalClock(Fields.decode(words.get(1)), Instant.parse(words.get(2)));
            } else if (body.startsWith(JournalText.GAP + " ")) {
                gapAt = clock.translate(Instant.parse(RecordText.split(body).get(1)), writer);
            } else {
                JournalRecord entry = RecordText.read(body);
                boolean voided = entry instanceof JournalRecord.Buried
                        && !writer.bootId().equals(clock.bootId());
                if (!voided) {
                    records.add(RecordText.translate(entry, writer, clock));
                }
            }
            return true;
        } catch (IllegalArgumentException | DateTimeException | IndexOutOfBoundsException _) {
            return false;
        }
    }
}
