package io.vpceni.eni.lifecycle;

import io.vpceni.config.Backoff;
import java.time.Duration;

/// How long the ENI machine waits before it tries something again.
final class RetryDelay {

    /// For what EC2 needs a moment for.
    static final Backoff SHORT = Backoff.byHalf(Duration.ofSeconds(1), Duration.ofSeconds(10));

    /// For what has to be done at last, however long it takes.
    static final Backoff LONG = Backoff.byHalf(Duration.ofSeconds(2), Duration.ofSeconds(60));

    private RetryDelay() {}
}
