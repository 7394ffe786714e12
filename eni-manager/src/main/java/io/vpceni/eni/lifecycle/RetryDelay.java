package io.vpceni.eni.lifecycle;

import java.time.Duration;

/// How long to wait before something is tried again: half as long again each time, up to a bound. Pure.
///
/// @param first after the first try
/// @param most the longest wait
record RetryDelay(Duration first, Duration most) {

    /// For what EC2 needs a moment for.
    static final RetryDelay SHORT = new RetryDelay(Duration.ofSeconds(1), Duration.ofSeconds(10));

    /// For what has to be done at last, however long it takes.
    static final RetryDelay LONG = new RetryDelay(Duration.ofSeconds(2), Duration.ofSeconds(60));

    /// @param attempt 1 for the first try
    Duration after(int attempt) {
        double length = first.toMillis() * Math.pow(1.5, Math.min(attempt - 1, 30));
        return length < most.toMillis() ? Duration.ofMillis((long) length) : most;
    }
}
