package io.vpceni.lab.acceptance;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Waits for what is bound to come.
final class Eventually {
    private static final Duration MAX = Duration.ofSeconds(30); // on a busy machine
    private static final Duration EACH = Duration.ofMillis(20);

    @FunctionalInterface
    interface Condition {
        boolean holds() throws IOException;
    }

    private Eventually() {}

    /// @throws AssertionError when it does not hold within the bound
    static void holds(String what, Condition condition) throws IOException {
        holds(what, MAX, condition);
    }

    /// @throws AssertionError when it does not hold within the bound
    static void holds(String what, Duration max, Condition condition) throws IOException {
        for (long look = 0; look < max.dividedBy(EACH); look++) {
            if (condition.holds()) {
                return;
            }
            LockSupport.parkNanos(EACH.toNanos());
        }
        throw new AssertionError(what + ": not within " + max.toSeconds() + " s");
    }
}
