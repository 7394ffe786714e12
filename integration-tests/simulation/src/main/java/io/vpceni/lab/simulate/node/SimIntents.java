package io.vpceni.lab.simulate.node;

import io.vpceni.eni.lifecycle.Intent;
import io.vpceni.eni.lifecycle.IntentText;
import io.vpceni.eni.loop.EniLoop;
import io.vpceni.lab.simulate.check.Checker;
import io.vpceni.lab.simulate.context.Crash;
import io.vpceni.lab.simulate.context.RunContext;
import io.vpceni.lab.simulate.context.SimulatedFault;
import io.vpceni.lab.simulate.port.PlantedMutant;
import java.io.IOException;
import java.util.List;

/// The file of intents, in memory, in the production format. It outlives ipamd.
public final class SimIntents implements EniLoop.Intents {
    private static final int LENGTH_MAX = 20_000;

    private final RunContext run;
    private final PlantedMutant mutant;
    private final Checker checker;
    private final StringBuilder text = new StringBuilder(IntentText.header());
    private boolean full;

    public SimIntents(RunContext run, PlantedMutant mutant, Checker checker) {
        this.run = run;
        this.mutant = mutant;
        this.checker = checker;
    }

    public void full(boolean isFull) {
        full = isFull;
    }

    @Override
    public void append(List<Intent> wanted) throws IOException {
        wanted.forEach(run::note);
        List<Intent> these = mutant.intents(wanted);
        if (these.isEmpty()) {
            return;
        }
        if (full) {
            these.forEach(checker.intents()::unwritten);
            throw new IOException("No space left on device");
        }
        if (crashes(SimulatedFault.CRASH_BEFORE_INTENT, these)) {
            int whole = run.choices().of(these.size());
            run.coverage()
                    .crash(SimulatedFault.CRASH_BEFORE_INTENT, these.get(whole).getClass());
            write(these.subList(0, whole));
            String torn = IntentText.lines(List.of(these.get(whole)));
            text.append(torn, 0, run.choices().of(torn.length()));
            throw new Crash();
        }
        write(these);
        if (crashes(SimulatedFault.CRASH_AFTER_INTENT, these)) {
            run.coverage()
                    .crash(SimulatedFault.CRASH_AFTER_INTENT, these.getLast().getClass());
            throw new Crash();
        }
    }

    /// What is written seldom has more chances.
    private boolean crashes(SimulatedFault fault, List<Intent> these) {
        boolean seldom =
                these.stream().anyMatch(intent -> intent instanceof Intent.Kept || intent instanceof Intent.Detaching);
        for (int i = seldom ? 4 : 1; i > 0; i--) {
            if (run.occurs(fault)) {
                return true;
            }
        }
        return false;
    }

    private void write(List<Intent> these) {
        text.append(IntentText.lines(these));
        these.forEach(checker.intents()::durable);
        these.forEach(run.coverage()::intent);
    }

    /// What a start reads: the works that did not end. The file is compacted on the way.
    public List<Intent> read() {
        IntentText.ReadIntents reading = IntentText.read(text.toString());
        if (reading.read().damagedBytes() > 0) {
            throw new IllegalStateException("intents that nobody damaged are damaged: " + reading);
        }
        List<Intent> open = reading.open().list();
        text.setLength(0);
        text.append(IntentText.header()).append(IntentText.lines(open));
        return open;
    }

    /// Now and then the file is compacted while ipamd runs.
    public void compact() {
        if (text.length() > LENGTH_MAX) {
            var _ = read();
        }
    }
}
