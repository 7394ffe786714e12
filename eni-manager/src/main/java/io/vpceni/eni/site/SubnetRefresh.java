package io.vpceni.eni.site;

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

    private static final Duration FIRST_PAUSE = Duration.ofMinutes(1);

    private @Nullable Instant seenAt;

    private boolean doubted;

    /// The earliest time for the next request; null: any time.
    private @Nullable Instant pausedUntil;

    private Duration pause = Duration.ZERO;

    void saw(Instant now) {
        seenAt = now;
        doubted = false;
        pausedUntil = null;
        pause = Duration.ZERO;
    }

    /// The request failed: a longer pause each time.
    void failed(Instant now) {
        Duration longer = pause.isZero() ? FIRST_PAUSE : pause.multipliedBy(2);
        pause = longer.compareTo(REGULAR) > 0 ? REGULAR : longer;
        pausedUntil = now.plus(pause);
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
        if (pausedUntil != null && now.isBefore(pausedUntil)) {
            return false;
        }
        return seenAt == null || !now.isBefore(seenAt.plus(age));
    }
}
