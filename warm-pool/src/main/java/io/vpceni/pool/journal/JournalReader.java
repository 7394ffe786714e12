package io.vpceni.pool.journal;

import io.vpceni.pool.JournalRecord;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Reads one journal, once, in pieces: what is kept is what its records say together.
public final class JournalReader {
    private final JournalClock clock;
    private final CheckedLines lines = new CheckedLines(JournalText.MAGIC, JournalText.FORMAT, this::take);
    private final JournalState said = new JournalState(JournalState.Trust.ABSENT); // trusted as reading() finds
    private int records;
    private JournalClock writer;
    private @Nullable Instant gapAt;

    /// @param clock of the life that reads: all times are translated to it
    public JournalReader(JournalClock clock) {
        this.clock = clock;
        this.writer = clock; // a journal whose first clock cannot be read: the times are taken as they stand
    }

    /// The next bytes of the file.
    ///
    /// @param length how many of them count, from the first
    public void read(byte[] bytes, int length) {
        lines.read(bytes, length);
    }

    /// What an earlier life wrote, whatever became of it. Never throws.
    public JournalReading reading() {
        CheckedLines.Read read = lines.read();
        if (read.newerFormat().isPresent()) {
            return newer(read.newerFormat().getAsInt());
        }
        return said.isOverfull() ? overfull() : reading(read);
    }

    private static JournalReading overfull() {
        Finding finding = new Finding(
                Finding.Kind.UNREADABLE,
                "The journal gives addresses to more than " + JournalState.COUNT_MAX
                        + " sandboxes, which no node has: it is renamed, and the kernel and EC2 say what they know");
        return new JournalReading(
                new JournalState(JournalState.Trust.GAPS), 0, 0, 0, 0, OptionalInt.empty(), true, List.of(finding));
    }

    private JournalReading newer(int format) {
        Finding finding = new Finding(
                Finding.Kind.NEWER_FORMAT,
                "The journal has format " + format + " and this ipamd knows " + JournalText.FORMAT
                        + ": it is renamed and not read, and the kernel and EC2 say what they know");
        return new JournalReading(
                new JournalState(JournalState.Trust.GAPS), 0, 0, 0, 0, OptionalInt.of(format), false, List.of(finding));
    }

    private JournalReading reading(CheckedLines.Read read) {
        JournalState state = said.trusted(trust(read));
        if (gapAt != null) {
            state.noteGap(gapAt);
        }
        List<Finding> findings = new ArrayList<>();
        if (read.damagedBytes() > 0) {
            findings.add(new Finding(
                    Finding.Kind.DAMAGED,
                    "The journal is damaged: " + read.damagedBytes() + " bytes, the first at offset "
                            + read.firstDamage()
                            + ", are not what was written; " + records
                            + " records are readable and kept, the kernel and EC2 say the rest"));
        }
        if (read.tornBytes() > 0) {
            findings.add(new Finding(
                    Finding.Kind.TORN_TAIL,
                    "The last " + read.tornBytes() + " bytes of the journal are a record that was written only in part;"
                            + " they are cut off, nobody had acted upon them"));
        }
        if (!state.forgotten().isEmpty()) {
            findings.add(new Finding(
                    Finding.Kind.OVERFLOW,
                    "The journal remembers more than " + JournalState.COUNT_MAX
                            + " things: the oldest are forgotten, and no sandbox's address. "
                            + state.forgotten().entrySet().stream()
                                    .map(entry -> consequence(entry.getKey(), entry.getValue()))
                                    .collect(Collectors.joining("; "))));
        }
        return new JournalReading(
                state,
                records,
                read.end(),
                read.tornBytes(),
                read.damagedBytes(),
                OptionalInt.empty(),
                false,
                findings);
    }

    private static String consequence(JournalState.Kind kind, long count) {
        return count
                + switch (kind) {
                    case TOMBSTONE -> " DELs: an ADD from before one of them may still get an address";
                    case UNASSIGNED_BLOCK -> " blocks that left: one may be used while EC2 still lists it";
                    case COOLING_ADDRESS -> " cooling addresses: one may be given out before its cooldown is over";
                    case DISPUTE -> " disputed addresses: one may be assigned although another source has it elsewhere";
                };
    }

    private static JournalState.Trust trust(CheckedLines.Read read) {
        if (read.end() == 0) {
            return JournalState.Trust.ABSENT; // not even its first line was ever whole
        }
        return read.damagedBytes() > 0 ? JournalState.Trust.GAPS : JournalState.Trust.WHOLE;
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
                boolean voided = entry instanceof JournalRecord.DelSeen
                        && !writer.bootId().equals(clock.bootId());
                if (!voided && !said.isOverfull()) {
                    said.apply(RecordTimes.translate(entry, writer, clock));
                    records++;
                }
            }
            return true;
        } catch (IllegalArgumentException | DateTimeException | IndexOutOfBoundsException _) {
            return false;
        }
    }
}
