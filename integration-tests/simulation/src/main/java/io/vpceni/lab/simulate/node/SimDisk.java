package io.vpceni.lab.simulate.node;

import io.vpceni.lab.simulate.check.Checker;
import io.vpceni.lab.simulate.context.Choices;
import io.vpceni.lab.simulate.context.Coverage;
import io.vpceni.lab.simulate.context.Crash;
import io.vpceni.lab.simulate.context.SimulatedFault;
import io.vpceni.lab.simulate.context.SimulationClock;
import io.vpceni.lab.simulate.context.WorldParameters;
import io.vpceni.pool.JournalRecord;
import io.vpceni.pool.journal.Journal;
import io.vpceni.pool.journal.JournalClock;
import io.vpceni.pool.journal.JournalReading;
import io.vpceni.pool.journal.JournalState;
import io.vpceni.pool.journal.JournalText;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/// The journal's file, in memory, in the production format.
public final class SimDisk implements Journal {
    private static final JournalClock CLOCK = new JournalClock("boot", SimulationClock.START);

    private final Choices choices;
    private final WorldParameters parameters;
    private final Coverage coverage;
    private final Checker checker;
    private final StringBuilder text = new StringBuilder();
    private boolean full;
    private boolean quiescent;

    public SimDisk(Choices choices, WorldParameters parameters, Coverage coverage, Checker checker) {
        this.choices = choices;
        this.parameters = parameters;
        this.coverage = coverage;
        this.checker = checker;
    }

    public void full(boolean isFull) {
        full = isFull;
    }

    public boolean isFull() {
        return full;
    }

    public void quiescent(boolean isQuiescent) {
        quiescent = isQuiescent;
        full &= !isQuiescent;
    }

    @Override
    public void append(List<JournalRecord> wanted) throws IOException {
        if (full) {
            throw new IOException("No space left on device");
        }
        if (!quiescent && choices.oneIn(parameters.rate(SimulatedFault.CRASH_IN_APPEND))) {
            coverage.fault(SimulatedFault.CRASH_IN_APPEND);
            int whole = choices.of(wanted.size() + 1);
            write(wanted.subList(0, whole));
            if (whole < wanted.size()) { // the next one is torn
                String torn = JournalText.lines(List.of(wanted.get(whole)));
                text.append(torn, 0, choices.of(torn.length()));
            }
            throw new Crash();
        }
        write(wanted);
    }

    private void write(List<JournalRecord> these) {
        for (JournalRecord record : these) {
            coverage.written(record);
            checker.durable(record);
        }
        text.append(JournalText.lines(these));
    }

    /// What a start reads. The file is compacted on the way.
    public JournalState read(Instant now) {
        JournalState state = new JournalState(JournalState.Trust.ABSENT);
        if (!text.isEmpty()) {
            JournalReading reading = JournalText.read(text.toString(), CLOCK);
            if (reading.damagedBytes() > 0) {
                throw new IllegalStateException("a journal that nobody damaged is damaged: " + reading.findings());
            }
            state = reading.state();
        }
        text.setLength(0);
        text.append(JournalText.header())
                .append(JournalText.processStart(CLOCK))
                .append(JournalText.lines(state.records(now)));
        return state;
    }

    /// What recovery adds so that the journal agrees.
    public void agree(List<JournalRecord> records) {
        write(records);
    }
}
