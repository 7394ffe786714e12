package io.vpceni.ipamd.observe;

import io.vpceni.pool.EniRole;
import io.vpceni.pool.PoolSnapshot;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/// Whether ipamd serves, for `/readyz` and STATUS (ADR 13). A full node is ready and reports that it is full, because a
/// failed STATUS would take every pod of the node out of its Services. Thread-safe.
public final class Readiness {
    /// @param reason a sentence for a person, in both cases
    public record Verdict(boolean ready, String reason) {}

    private final AtomicReference<String> startingReason = new AtomicReference<>("ipamd is starting");
    private final AtomicReference<String> addsBlockedBy = new AtomicReference<>("");
    private final AtomicReference<String> warning = new AtomicReference<>("");
    private final AtomicReference<String> unwritable = new AtomicReference<>("");
    private final AtomicReference<String> unannounced = new AtomicReference<>("");
    private volatile boolean begun;

    /// Sets the current step of the start.
    public void starting(String reason) {
        startingReason.set(reason);
    }

    /// The start has ended.
    public void started() {
        startingReason.set("");
    }

    /// An address was assignable, or pods from before the start were found: from now on a pool without
    /// assignable addresses is full, not starting.
    public void servable() {
        begun = true;
    }

    /// Sets why no ADD can arrive, whatever the pool holds; "" when ADDs can arrive.
    public void addsBlocked(String reason) {
        addsBlockedBy.set(reason);
    }

    /// Sets what keeps pods from working although their ADDs succeed; "" when nothing is known. It does not
    /// change readiness.
    public void warn(String text) {
        warning.set(text);
    }

    /// The reason with the warning of [#warn].
    public Verdict warned(Verdict verdict) {
        String text = warning.get();
        return text.isEmpty() ? verdict : new Verdict(verdict.ready(), verdict.reason() + "; warning: " + text);
    }

    /// Sets why the journal cannot be written, so that no ADD is served; "" when it can.
    public void unwritable(String reason) {
        unwritable.set(reason);
    }

    /// Sets why the conflist could not be written, so that no ADD arrives; "" when it was.
    public void unannounced(String reason) {
        unannounced.set(reason);
    }

    /// Why no ADD can arrive; "" when ADDs can arrive.
    public String addsBlockedBy() {
        return addsBlockedBy.get();
    }

    /// @param pool the pool now
    public Verdict verdict(PoolSnapshot pool) {
        return Stream.of(startingReason, addsBlockedBy, unwritable, unannounced)
                .map(AtomicReference::get)
                .filter(reason -> !reason.isEmpty())
                .findFirst()
                .map(reason -> new Verdict(false, reason))
                .orElseGet(() -> ofPool(pool));
    }

    private Verdict ofPool(PoolSnapshot pool) {
        if (pool.assignable() > 0) {
            return new Verdict(true, pool.assignable() + " addresses can be given out; " + filling(pool));
        }
        String growth = pool.lastFailure()
                .map(o -> "; the pool cannot grow: " + o.detail())
                .orElse(pool.pending() > 0 ? "; " + pool.pending() + " are on their way" : "");
        return begun
                ? new Verdict(true, "full: " + filling(pool) + growth)
                : new Verdict(false, "no address can be given out yet" + growth);
    }

    /// As in `9 of 9 addresses are with pods`.
    private static String filling(PoolSnapshot pool) {
        List<PoolSnapshot.EniCounts> enis = pool.enis();
        long total = enis.stream().mapToLong(PoolSnapshot.EniCounts::total).sum();
        long assigned =
                enis.stream().mapToLong(PoolSnapshot.EniCounts::assigned).sum();
        long cooling = enis.stream().mapToLong(PoolSnapshot.EniCounts::cooling).sum();
        long idle = enis.stream()
                .filter(eni -> eni.eni().role() != EniRole.PODS)
                .mapToLong(PoolSnapshot.EniCounts::free)
                .sum();
        return assigned + " of " + total + " addresses are with pods" + some(cooling, "cooling")
                + some(pool.quarantined(), "quarantined") + some(pool.leaving(), "leaving")
                + some(pool.disputed(), "disputed (ipamctl explain pool)")
                + some(idle, "on ENIs that give none to pods (ipamctl enis)");
    }

    private static String some(long count, String state) {
        return count > 0 ? ", " + count + " " + state : "";
    }

    /// The verdict while there is no pool yet.
    public Verdict withoutPool() {
        String starting = startingReason.get();
        return new Verdict(false, starting.isEmpty() ? "ipamd is stopping" : starting);
    }
}
