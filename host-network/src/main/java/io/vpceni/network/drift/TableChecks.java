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
        long soonest = Math.max(now + Settling.QUIET.toNanos(), done + APART.toNanos());
        dueAt = Math.min(dueAt, soonest);
    }

    boolean isDue(long now) {
        return now >= dueAt;
    }

    long dueAt() {
        return dueAt;
    }

    /// One that began at that time was made; one that failed stays due.
    void done(long began) {
        done = began;
        dueAt = began + Settling.SAFETY.toNanos();
    }
}
