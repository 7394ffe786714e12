package io.vpceni.eni.site;

import io.vpceni.pool.BlockKind;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The back-off of subnets that had no free address: longer each time in a row. Mutable.
final class SubnetBackoff {

    static final Duration FIRST = Duration.ofSeconds(15);

    static final Duration LONGEST = Duration.ofMinutes(5);

    /// No zone of a VPC has more subnets.
    private static final int KEPT_MAX = 1000;

    private record Key(String subnetId, boolean prefixesOnly) {}

    private record Period(Instant until, Duration length) {}

    private final Map<Key, Period> periods = new HashMap<>();

    void exhausted(String subnetId, boolean prefixesOnly, Instant now) {
        periods.values().removeIf(period -> isLongOver(period, now));
        Key key = new Key(subnetId, prefixesOnly);
        @Nullable Period before = periods.get(key);
        if (before != null && before.until().isAfter(now)) {
            return; // a call that was in flight when the back-off began
        }
        if (before != null || periods.size() < KEPT_MAX) {
            Duration length = before == null ? FIRST : longer(before.length());
            periods.put(key, new Period(now.plus(length), length));
        }
    }

    /// It had room: the next back-off starts with the shortest time.
    void hadRoom(String subnetId, BlockKind kind) {
        periods.remove(new Key(subnetId, false));
        if (kind != BlockKind.ADDRESS) {
            periods.remove(new Key(subnetId, true));
        }
    }

    /// When it may be tried again; empty: now.
    Optional<Instant> until(String subnetId, BlockKind kind, Instant now) {
        Optional<Instant> whole = until(new Key(subnetId, false), now);
        if (kind == BlockKind.ADDRESS) {
            return whole;
        }
        Optional<Instant> prefixes = until(new Key(subnetId, true), now);
        return whole.flatMap(one -> prefixes.filter(other -> other.isAfter(one)).or(() -> whole))
                .or(() -> prefixes);
    }

    private Optional<Instant> until(Key key, Instant now) {
        return Optional.ofNullable(periods.get(key)).map(Period::until).filter(now::isBefore);
    }

    /// The row ends when no request came for as long again as the longest back-off.
    private static boolean isLongOver(Period period, Instant now) {
        return period.until().plus(LONGEST).isBefore(now);
    }

    private static Duration longer(Duration length) {
        Duration twice = length.multipliedBy(2);
        return twice.compareTo(LONGEST) > 0 ? LONGEST : twice;
    }
}
