package io.vpceni.network.drift;

import java.time.Duration;

/// When to compare our nftables tables with the kernel's: soon after another program's transaction, at most once a
/// second, and sometimes without one, because events can be missed. Times are nanoseconds of one clock.
final class TableChecks {

    /// kube-proxy makes several transactions a second on a busy cluster, and a comparison lists whole tables.
    static final Duration APART = Duration.ofSeconds(1);

    private long done;
    private long dueAt;

    /// Due at once: no events were received before.
    TableChecks(long now) {
        this.done = now - APART.toNanos();
        this.dueAt = now;
    }

    /// Another program made a transaction. A comparison begins after this, however many transactions follow.
    void changed(long now) {
        long soonest = Math.max(now + Debounce.QUIET.toNanos(), done + APART.toNanos());
        dueAt = Math.min(dueAt, soonest);
    }

    boolean isDue(long now) {
        return now >= dueAt;
    }

    long dueAt() {
        return dueAt;
    }

    /// A comparison was made. For changes after its begin, [#changed] is called separately.
    ///
    /// @param ended the next one is at least a second after this, however long it took
    void done(long began, long ended) {
        done = ended;
        dueAt = began + Debounce.SAFETY.toNanos();
    }

    /// A comparison failed; it is repeated after the pause.
    void failed(long now, Duration pause) {
        done = now;
        dueAt = now + Math.max(APART.toNanos(), pause.toNanos());
    }
}
