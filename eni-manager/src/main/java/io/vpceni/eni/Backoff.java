package io.vpceni.eni;

import java.time.Duration;

/// How long to wait between two looks, and how many looks there are. Pure.
///
/// @param first after the first look
/// @param most each wait is half as long again as the one before, up to this
/// @param attemptsMax looks in all; 1 or more
record Backoff(Duration first, Duration most, int attemptsMax) {

    /// The wait after a look.
    ///
    /// @param attempt 1 for the first look
    Duration after(int attempt) {
        double length = first.toNanos() * Math.pow(1.5, attempt - 1);
        return length < most.toNanos() ? Duration.ofNanos((long) length) : most;
    }

    /// All waits together, without the time that the looks take.
    Duration total() {
        Duration total = Duration.ZERO;
        for (int attempt = 1; attempt < attemptsMax; attempt++) {
            total = total.plus(after(attempt));
        }
        return total;
    }
}
