package io.vpceni.lab.churn;

import java.io.IOException;
import java.time.Duration;
import java.util.SortedSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Waits until a look shows what it must, and finds what it still does not show at the bound.
public final class Await {
    private static final long LOOK_EVERY_MILLIS = 500;

    private final Duration max;
    private final PodRecords ledger;
    private final LongSupplier nanoTime;
    private final CountDownLatch never = new CountDownLatch(1);

    /// One side of the truth, as words.
    @FunctionalInterface
    public interface Observation {
        SortedSet<String> look() throws IOException;
    }

    /// @param max for each look
    public Await(Duration max, PodRecords ledger, LongSupplier nanoTime) {
        this.max = max;
        this.ledger = ledger;
        this.nanoTime = nanoTime;
    }

    /// @return what was missing or too many at the bound, 0 for all well
    public int await(String what, SortedSet<String> expected, Observation look)
            throws IOException, InterruptedException {
        long begun = nanoTime.getAsLong();
        SortedSet<String> seen = look.look();
        while (!seen.equals(expected) && nanoTime.getAsLong() - begun < max.toNanos()) {
            boolean _ = never.await(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
            seen = look.look();
        }
        if (seen.equals(expected)) {
            return 0;
        }
        ledger.find(what + ": " + seen + ", not " + expected);
        int common = 0;
        for (String word : seen) {
            common += expected.contains(word) ? 1 : 0;
        }
        return seen.size() + expected.size() - 2 * common;
    }
}
