package io.vpceni.ipamd.owner;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// A cached snapshot of an owner's state: asks the owner at most every few milliseconds, so that a scrape of thirty
/// metrics is one question, and a scraper in a loop does not load the owner.
public final class CachedSnapshot<T> implements Supplier<T> {
    private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long ANSWER_SECONDS_MAX = 2;

    private record Seen<T>(T snapshot, long atNanos) {}

    private final Supplier<CompletableFuture<T>> look;
    private final LongSupplier nanos;
    private final AtomicReference<Seen<T>> last;

    /// @param first the snapshot before the first question
    /// @param look asks the owner
    /// @param nanos a clock for elapsed time
    public CachedSnapshot(T first, Supplier<CompletableFuture<T>> look, LongSupplier nanos) {
        this.look = look;
        this.nanos = nanos;
        this.last = new AtomicReference<>(new Seen<>(first, nanos.getAsLong() - 2 * FRESH_NANOS));
    }

    /// @throws IllegalStateException when the owner does not answer
    @Override
    public T get() {
        Seen<T> seen = last.get();
        long now = nanos.getAsLong();
        if (now - seen.atNanos() < FRESH_NANOS) {
            return seen.snapshot();
        }
        try {
            T snapshot = look.get().get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
            last.set(new Seen<>(snapshot, now));
            return snapshot;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for an owner's answer", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("an owner does not answer: " + e, e);
        }
    }
}
