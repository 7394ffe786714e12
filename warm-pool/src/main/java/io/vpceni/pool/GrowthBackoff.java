package io.vpceni.pool;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// How long one kind of growth rests after it failed: longer each time, until it succeeds again. Mutable.
final class GrowthBackoff {

    /// So often half as much is asked for, until it is a single address: no ENI holds more than 64.
    private static final int HALVINGS = 6;

    /// The longest rest of a refusal that a person has to mend, while an ADD waits: as long as the first.
    static final Duration HURRIED = Duration.ofSeconds(30);

    private int failures;
    private Optional<PoolSnapshot.Obstacle> obstacle = Optional.empty();

    /// Notes a failure. One of several calls that were under way together does not make the rest longer.
    void failed(AllocationError kind, String detail, Instant now) {
        if (restsAt(now) && obstacle.stream().anyMatch(last -> last.obstacle() == kind)) {
            return;
        }
        failures++;
        Instant retryAt = now.plus(rest(kind, failures));
        obstacle = Optional.of(new PoolSnapshot.Obstacle(kind, detail, now, retryAt));
    }

    /// Notes a success. During a rest it counts for nothing: that call was under way when another one failed.
    void succeeded(Instant now) {
        if (!restsAt(now)) {
            failures = 0;
            obstacle = Optional.empty();
        }
    }

    /// An ADD waits: a person may have mended what only a person can, and one call in [#HURRIED] costs EC2
    /// nothing. Other rests stay as they are.
    void hurry() {
        obstacle = obstacle.map(last -> {
            Instant soon = last.at().plus(HURRIED);
            boolean later = needsAPerson(last.obstacle()) && last.retryAt().isAfter(soon);
            return later ? new PoolSnapshot.Obstacle(last.obstacle(), last.detail(), last.at(), soon) : last;
        });
    }

    private static boolean needsAPerson(AllocationError kind) {
        return kind == AllocationError.UNAUTHORIZED || kind == AllocationError.NOT_AUTHENTICATED;
    }

    boolean restsAt(Instant now) {
        return obstacle.stream().anyMatch(last -> last.retryAt().isAfter(now));
    }

    /// The last failure; empty after a success.
    Optional<PoolSnapshot.Obstacle> obstacle() {
        return obstacle;
    }

    /// The rest after so many failures in a row: twice as long each time, up to a bound; while a limit is searched for
    /// always the first.
    ///
    /// @param failures 1 or more
    static Duration rest(AllocationError kind, int failures) {
        Duration first = Duration.ofSeconds(
                switch (kind) {
                    case ADDRESS_LIMIT -> 1; // the next call asks for less
                    case THROTTLED -> 2;
                    case OTHER -> 5;
                    case OUTCOME_UNKNOWN -> 10;
                    case NO_CONTIGUOUS_PREFIX -> 120; // single addresses serve meanwhile
                    case SUBNET_EXHAUSTED, UNAUTHORIZED, NOT_AUTHENTICATED -> 30; // a person has to act
                    case ENI_LIMIT -> 300; // a learned limit, looked at again in case an ENI went away
                });
        Duration longest = Duration.ofSeconds(
                switch (kind) {
                    case THROTTLED -> 60;
                    case OTHER, OUTCOME_UNKNOWN, SUBNET_EXHAUSTED -> 120;
                    case ADDRESS_LIMIT, UNAUTHORIZED, NOT_AUTHENTICATED -> 300;
                    case NO_CONTIGUOUS_PREFIX -> 480;
                    case ENI_LIMIT -> 600;
                });
        int longer = kind == AllocationError.ADDRESS_LIMIT ? Math.max(0, failures - HALVINGS) : failures - 1;
        Duration grown = first.multipliedBy(1L << Math.min(longer, 16));
        return grown.compareTo(longest) < 0 ? grown : longest;
    }
}
