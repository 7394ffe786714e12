package io.vpceni.pool;

import io.vpceni.config.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// How long one kind of request is not repeated after it failed: longer each time, until one succeeds. Mutable.
final class GrowthBackoff {

    /// So often half as much is asked for, until it is a single address: no ENI holds more than 64.
    private static final int HALVINGS = 6;

    /// While an ADD waits, the longest delay after a refusal that only an operator can mend. As long as the
    /// first one.
    static final Duration RETRY_WHILE_ADDS_WAIT = Duration.ofSeconds(30);

    /// @param at when EC2 said so
    private record Failure(AllocationError error, String detail, Instant at) {}

    private Backoff.State state = Backoff.State.NONE;
    private Optional<Failure> lastFailure = Optional.empty();

    /// Notes a failure. One of several calls that were pending together does not make the delay longer.
    void failed(AllocationError kind, String detail, Instant now) {
        if (isActive(now) && lastFailure.stream().anyMatch(last -> last.error() == kind)) {
            return;
        }
        state = state.failedFor(delay(kind, state.failures() + 1), now);
        lastFailure = Optional.of(new Failure(kind, detail, now));
    }

    /// Notes a success. It counts for nothing during a delay: that call was pending when another one failed.
    void succeeded(Instant now) {
        if (!isActive(now)) {
            state = state.succeeded();
            lastFailure = Optional.empty();
        }
    }

    /// An ADD waits: an operator may have mended what only an operator can, and one call in
    /// [#RETRY_WHILE_ADDS_WAIT] costs little. Other delays stay as they are.
    void retrySoon() {
        lastFailure.filter(last -> last.error().needsAnOperator()).ifPresent(last -> {
            Instant soon = last.at().plus(RETRY_WHILE_ADDS_WAIT);
            state = state.isActive(soon) ? state.withRetryAt(soon) : state;
        });
    }

    boolean isActive(Instant now) {
        return state.isActive(now);
    }

    /// Until when requests of this kind are not to be made; empty: they may be made now.
    Optional<Instant> until(Instant now) {
        return state.until(now);
    }

    /// The last failure; empty after a success.
    Optional<PoolSnapshot.GrowthFailure> lastFailure() {
        return lastFailure.map(last -> new PoolSnapshot.GrowthFailure(
                last.error(), last.detail(), last.at(), state.retryAt().orElseThrow()));
    }

    /// The delay after so many failures in a row: twice as long each time, up to a limit. While the number of
    /// requested blocks is halved to find a limit, always the first.
    ///
    /// @param failures 1 or more
    static Duration delay(AllocationError kind, int failures) {
        Duration first = Duration.ofSeconds(
                switch (kind) {
                    case ADDRESS_LIMIT -> 1; // the next call asks for less
                    case THROTTLED -> 2;
                    case OTHER -> 5;
                    case OUTCOME_UNKNOWN -> 10;
                    case NO_CONTIGUOUS_PREFIX -> 120; // single addresses serve meanwhile
                    case SUBNET_EXHAUSTED, UNAUTHORIZED, FORBIDDEN_BY_SETTING, NOT_AUTHENTICATED ->
                        30; // an operator has to act
                    case ENI_LIMIT -> 300; // a learned limit, asked again in case an ENI went away
                });
        Duration longest = Duration.ofSeconds(
                switch (kind) {
                    case THROTTLED -> 60;
                    case OTHER, OUTCOME_UNKNOWN, SUBNET_EXHAUSTED -> 120;
                    case ADDRESS_LIMIT, UNAUTHORIZED, FORBIDDEN_BY_SETTING, NOT_AUTHENTICATED -> 300;
                    case NO_CONTIGUOUS_PREFIX -> 480;
                    case ENI_LIMIT -> 600;
                });
        int counted = kind == AllocationError.ADDRESS_LIMIT ? Math.max(1, failures - HALVINGS + 1) : failures;
        return Backoff.doubling(first, longest).delay(counted);
    }
}
