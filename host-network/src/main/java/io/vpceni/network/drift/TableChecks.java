package io.vpceni.network.drift;

import java.time.Duration;

/// When to compare our tables of nftables with the kernel's: soon after somebody else's transaction, once a second at
/// most, and now and then without one, for events can be missed. Times are nanoseconds of one clock.
final class TableChecks {

    /// kube-proxy makes several transactions a second on a busy cluster, and a comparison lists whole tables.
    static final Duration APART = Duration.ofSeconds(1);

    private long done;
    private long dueAt;

    /// At first it is due: nobody listened to the kernel before.
    TableChecks(long now) {
        this.done = now - APART.toNanos();
        this.dueAt = now;
    }

    /// Somebody else made a transaction. A comparison begins after this, however many more follow.
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

    /// One was made. What changed after it began is told by [#changed] later.
    ///
    /// @param ended the next one is a second after this, however long it took
    void done(long began, long ended) {
        done = ended;
        dueAt = began + Debounce.SAFETY.toNanos();
    }

    /// One could not be made; another is due then.
    void failed(long now, Duration pause) {
        done = now;
        dueAt = now + Math.max(APART.toNanos(), pause.toNanos());
    }
}
