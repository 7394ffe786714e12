package io.vpceni.eni.site;

import io.vpceni.config.Backoff;
import io.vpceni.eni.SubnetId;
import io.vpceni.pool.BlockKind;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The back-off of subnets that had no free address: longer each time in a row. Mutable.
final class SubnetBackoff {

    static final Backoff DELAYS = Backoff.doubling(Duration.ofSeconds(15), Duration.ofMinutes(5));

    /// No zone of a VPC has more subnets.
    private static final int KEPT_MAX = 1000;

    private record Key(SubnetId subnetId, boolean prefixesOnly) {}

    private final Map<Key, Backoff.State> states = new HashMap<>();

    void exhausted(SubnetId subnetId, boolean prefixesOnly, Instant now) {
        states.values().removeIf(state -> isLongOver(state, now));
        Key key = new Key(subnetId, prefixesOnly);
        Backoff.State before = state(key);
        if (before.isActive(now)) {
            return; // a call that was in flight when the back-off began
        }
        if (before.failures() > 0 || states.size() < KEPT_MAX) {
            states.put(key, before.failed(DELAYS, now));
        }
    }

    /// It had room: the next back-off starts with the shortest time.
    void hadRoom(SubnetId subnetId, BlockKind kind) {
        states.remove(new Key(subnetId, false));
        if (kind != BlockKind.ADDRESS) {
            states.remove(new Key(subnetId, true));
        }
    }

    /// When it may be tried again; empty: now.
    Optional<Instant> until(SubnetId subnetId, BlockKind kind, Instant now) {
        Optional<Instant> whole = state(new Key(subnetId, false)).until(now);
        if (kind == BlockKind.ADDRESS) {
            return whole;
        }
        Optional<Instant> prefixes = state(new Key(subnetId, true)).until(now);
        return whole.flatMap(one -> prefixes.filter(other -> other.isAfter(one)).or(() -> whole))
                .or(() -> prefixes);
    }

    private Backoff.State state(Key key) {
        return states.getOrDefault(key, Backoff.State.NONE);
    }

    /// The row ends when no request came for as long again as the longest back-off.
    private static boolean isLongOver(Backoff.State state, Instant now) {
        return state.retryAt()
                .filter(until -> until.plus(DELAYS.cap()).isBefore(now))
                .isPresent();
    }
}
