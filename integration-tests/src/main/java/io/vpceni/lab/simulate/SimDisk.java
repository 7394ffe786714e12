package io.vpceni.lab.simulate;

import io.vpceni.pool.JournalRecord;
import io.vpceni.pool.journal.Journal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// The journal's file, in memory.
final class SimDisk implements Journal {
    private final Choices choices;
    private final Terms terms;
    private final Coverage coverage;
    private final Checker checker;
    private final List<JournalRecord> records = new ArrayList<>();
    private boolean full;
    private boolean calm;

    SimDisk(Choices choices, Terms terms, Coverage coverage, Checker checker) {
        this.choices = choices;
        this.terms = terms;
        this.coverage = coverage;
        this.checker = checker;
    }

    void full(boolean isFull) {
        full = isFull;
    }

    boolean isFull() {
        return full;
    }

    void calm(boolean isCalm) {
        calm = isCalm;
        full &= !isCalm;
    }

    @Override
    public void append(List<JournalRecord> wanted) throws IOException {
        if (full) {
            throw new IOException("No space left on device");
        }
        if (!calm && choices.oneIn(terms.rate(Fault.CRASH_IN_APPEND))) {
            coverage.fault(Fault.CRASH_IN_APPEND);
            write(wanted.subList(0, choices.of(wanted.size() + 1)));
            throw new Crash();
        }
        write(wanted);
    }

    private void write(List<JournalRecord> these) {
        for (JournalRecord record : these) {
            coverage.written(record);
            checker.durable(record);
        }
        records.addAll(these);
    }

    List<JournalRecord> records() {
        return records;
    }

    /// Compaction: the same in fewer records.
    void replace(List<JournalRecord> compacted) {
        records.clear();
        records.addAll(compacted);
    }
}
