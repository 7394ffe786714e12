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

    private record What(String subnetId, boolean prefixesOnly) {}

    private record Rest(Instant until, Duration length) {}

    private final Map<What, Rest> rests = new HashMap<>();

    void exhausted(String subnetId, boolean prefixesOnly, Instant now) {
        rests.values().removeIf(rest -> isLongOver(rest, now));
        What what = new What(subnetId, prefixesOnly);
        @Nullable Rest before = rests.get(what);
        if (before != null && before.until().isAfter(now)) {
            return; // a call that was in flight when the back-off began
        }
        if (before != null || rests.size() < KEPT_MAX) {
            Duration length = before == null ? FIRST : longer(before.length());
            rests.put(what, new Rest(now.plus(length), length));
        }
    }

    /// It had room: the next back-off starts with the shortest time.
    void hadRoom(String subnetId, BlockKind kind) {
        rests.remove(new What(subnetId, false));
        if (kind != BlockKind.ADDRESS) {
            rests.remove(new What(subnetId, true));
        }
    }

    /// When it may be tried again; empty: now.
    Optional<Instant> until(String subnetId, BlockKind kind, Instant now) {
        Optional<Instant> whole = until(new What(subnetId, false), now);
        if (kind == BlockKind.ADDRESS) {
            return whole;
        }
        Optional<Instant> prefixes = until(new What(subnetId, true), now);
        return whole.flatMap(one -> prefixes.filter(other -> other.isAfter(one)).or(() -> whole))
                .or(() -> prefixes);
    }

    private Optional<Instant> until(What what, Instant now) {
        return Optional.ofNullable(rests.get(what)).map(Rest::until).filter(now::isBefore);
    }

    /// The row ends when no request came for as long again as the longest back-off.
    private static boolean isLongOver(Rest rest, Instant now) {
        return rest.until().plus(LONGEST).isBefore(now);
    }

    private static Duration longer(Duration length) {
        Duration twice = length.multipliedBy(2);
        return twice.compareTo(LONGEST) > 0 ? LONGEST : twice;
    }
}
