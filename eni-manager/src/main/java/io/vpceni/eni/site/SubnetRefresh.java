package io.vpceni.eni.site;

import io.vpceni.config.Backoff;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// When to ask EC2 for subnets. Mutable.
final class SubnetRefresh {

    /// An older list is read again before an ENI is created.
    static final Duration FRESH = Duration.ofMinutes(5);

    /// Tags may change while no ENI is wanted.
    static final Duration REGULAR = Duration.ofMinutes(10);

    /// A subnet that ran out makes the list outdated, but not more often than this.
    static final Duration DOUBTED = Duration.ofSeconds(15);

    private static final Backoff PAUSES = Backoff.doubling(Duration.ofMinutes(1), REGULAR);

    private @Nullable Instant seenAt;

    private boolean doubted;

    private Backoff.State asked = Backoff.State.NONE;

    void saw(Instant now) {
        seenAt = now;
        doubted = false;
        asked = asked.succeeded();
    }

    /// The request failed: a longer pause each time.
    void failed(Instant now) {
        asked = asked.failed(PAUSES, now);
    }

    void doubt() {
        doubted = true;
    }

    boolean isWantedBeforeAnEni(Instant now) {
        return isOlderThan(doubted ? DOUBTED : FRESH, now);
    }

    boolean isRegularlyDue(Instant now) {
        return isOlderThan(REGULAR, now);
    }

    private boolean isOlderThan(Duration age, Instant now) {
        if (asked.isActive(now)) {
            return false;
        }
        return seenAt == null || !now.isBefore(seenAt.plus(age));
    }
}
