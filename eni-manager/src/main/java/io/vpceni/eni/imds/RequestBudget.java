package io.vpceni.eni.imds;

import java.time.Duration;
import java.time.Instant;

/// The rate limit for requests to IMDS. Thread-safe.
///
/// IMDS drops what exceeds 1,024 packets a second on an ENI, and pods, agents and the SDK ask it too. A request is four
/// packets on a connection that is kept, ten on a new one: a steady 40 a second are a sixth of the limit, or at the
/// worst 40 %.
final class RequestBudget {

    private static final int PER_SECOND = 40;

    private static final int BURST = 80;

    private static final Duration PACE = Duration.ofSeconds(1).dividedBy(PER_SECOND);

    /// Maximum wait: a longer one means that the clock was set back.
    private static final Duration CREDIBLE = Duration.ofSeconds(10);

    /// When the bucket is full again; each request moves it.
    private Instant fullAt = Instant.MIN;

    /// Takes one request out of the budget. When it is used up, each further request waits longer.
    ///
    /// @return how long to wait before the request
    synchronized Duration take(Instant now) {
        boolean full = fullAt.isBefore(now) || fullAt.isAfter(now.plus(CREDIBLE));
        Instant from = full ? now : fullAt;
        fullAt = from.plus(PACE);
        Duration wait = Duration.between(now, fullAt).minus(PACE.multipliedBy(BURST));
        return wait.isNegative() ? Duration.ZERO : wait;
    }
}
