package io.vpceni.eni.site;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// When EC2 is worth asking for subnets. Mutable.
final class SubnetRefresh {

    /// An older list is looked at anew before an ENI is made by it.
    static final Duration FRESH = Duration.ofMinutes(5);

    /// Tags may change while no ENI is wanted.
    static final Duration REGULAR = Duration.ofMinutes(10);

    /// A subnet that ran out puts the list in doubt, but not more often than that.
    static final Duration DOUBTED = Duration.ofSeconds(15);

    private static final Duration FIRST_PAUSE = Duration.ofMinutes(1);

    private @Nullable Instant seenAt;

    private boolean doubted;

    /// Not to be asked before; null: any time.
    private @Nullable Instant pausedUntil;

    private Duration pause = Duration.ZERO;

    void saw(Instant now) {
        seenAt = now;
        doubted = false;
        pausedUntil = null;
        pause = Duration.ZERO;
    }

    /// The question failed: a longer pause each time.
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
