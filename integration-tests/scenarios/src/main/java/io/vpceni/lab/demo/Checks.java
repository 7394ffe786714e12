package io.vpceni.lab.demo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Runs checks one after another and keeps what came of each. A failed one does not keep the next from running.
final class Checks {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Consumer<String> out;
    private final LongSupplier nanoTime;
    private final List<Outcome> outcomes = new ArrayList<>();

    /// What came of a check.
    ///
    /// @param detail what was seen, or why it failed
    record Outcome(String name, boolean passed, String detail, long millis) {}

    /// A promise to be tried.
    @FunctionalInterface
    interface Check {
        /// Returns what was seen, in a few words.
        ///
        /// @throws IOException why the promise is not kept
        String run() throws IOException;
    }

    Checks(Consumer<String> out, LongSupplier nanoTime) {
        this.out = out;
        this.nanoTime = nanoTime;
    }

    void check(String name, Check check) {
        long begun = nanoTime.getAsLong();
        boolean passed;
        String detail;
        try {
            detail = check.run();
            passed = true;
        } catch (IOException e) {
            detail = String.valueOf(e.getMessage());
            passed = false;
        }
        long millis = (nanoTime.getAsLong() - begun) / NANOS_PER_MILLI;
        outcomes.add(new Outcome(name, passed, detail, millis));
        out.accept(String.format(Locale.ROOT, "  %s  %-62s %s", passed ? "ok  " : "FAIL", name, detail));
    }

    static void require(boolean kept, String otherwise) throws IOException {
        if (!kept) {
            throw new IOException(otherwise);
        }
    }

    List<Outcome> outcomes() {
        return List.copyOf(outcomes);
    }

    long passed() {
        return outcomes.stream().filter(Outcome::passed).count();
    }

    long failed() {
        return outcomes.size() - passed();
    }
}
