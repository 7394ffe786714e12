package io.vpceni.config;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// How long to wait before what failed is tried again: exponential, up to a cap. Immutable and pure. Every growing
/// delay of ipamd is computed here; the plugin, which is no Java program when it runs, has the only other one.
///
/// The random numbers are the caller's, so that a simulation can repeat a run; resilience4j's `IntervalFunction` takes
/// its own.
///
/// @param base after the first failure; above zero
/// @param cap the longest delay, before the jitter; not below the base
/// @param factor by which each further failure in a row lengthens the delay; 1 or more
/// @param jitter part of a delay that is random, 0 to 1: a delay is multiplied by 1 - jitter to 1 + jitter
public record Backoff(Duration base, Duration cap, double factor, double jitter) {

    /// @throws IllegalArgumentException when a figure is out of its range
    public Backoff {
        if (!base.isPositive() || cap.compareTo(base) < 0 || !(factor >= 1) || !(jitter >= 0 && jitter <= 1)) {
            throw new IllegalArgumentException(
                    "from " + base + " to " + cap + " by factor " + factor + " with jitter " + jitter);
        }
    }

    /// Twice as long after each further failure; no jitter.
    public static Backoff doubling(Duration base, Duration cap) {
        return new Backoff(base, cap, 2, 0);
    }

    /// Half as long again after each further failure; no jitter.
    public static Backoff byHalf(Duration base, Duration cap) {
        return new Backoff(base, cap, 1.5, 0);
    }

    /// The same with another jitter.
    public Backoff withJitter(double other) {
        return new Backoff(base, cap, factor, other);
    }

    /// The delay after so many failures in a row, without jitter.
    ///
    /// @param failures 1 or more
    public Duration delay(int failures) {
        if (failures < 1) {
            throw new IllegalArgumentException(failures + " failures");
        }
        double nanos = base.toNanos() * StrictMath.pow(factor, failures - 1);
        return nanos < cap.toNanos() ? Duration.ofNanos((long) nanos) : cap;
    }

    /// The delay after so many failures in a row, with jitter.
    ///
    /// @param failures 1 or more
    public Duration delay(int failures, RandomGenerator random) {
        return jittered(delay(failures), random);
    }

    /// All delays of so many failures in a row together, without jitter.
    ///
    /// @param failures 0 or more
    public Duration total(int failures) {
        Duration total = Duration.ZERO;
        for (int failure = 1; failure <= failures; failure++) {
            total = total.plus(delay(failure));
        }
        return total;
    }

    /// The delay that follows one that is adapted to successes too, without jitter.
    ///
    /// @param before zero or more
    public Duration longerThan(Duration before) {
        double nanos = before.toNanos() * factor;
        return Duration.ofNanos(Math.clamp((long) nanos, base.toNanos(), cap.toNanos()));
    }

    /// A delay times 1 - jitter to 1 + jitter, so that those who failed together do not try again together.
    public Duration jittered(Duration delay, RandomGenerator random) {
        return jitter == 0
                ? delay
                : Duration.ofNanos((long) (delay.toNanos() * (1 + jitter * (2 * random.nextDouble() - 1))));
    }

    /// Failures in a row of one thing, and when it may be tried again.
    ///
    /// @param failures 0: it did not fail since it last succeeded
    /// @param retryAt when the last delay ends or ended; empty as long as there was no failure
    public record State(int failures, Optional<Instant> retryAt) {

        /// Nothing failed.
        public static final State NONE = new State(0, Optional.empty());

        /// One more failure, with jitter.
        public State failed(Backoff backoff, Instant now, RandomGenerator random) {
            return failedFor(backoff.delay(failures + 1, random), now);
        }

        /// One more failure, without jitter.
        public State failed(Backoff backoff, Instant now) {
            return failedFor(backoff.delay(failures + 1), now);
        }

        /// One more failure, after which it is not to be tried for that long.
        public State failedFor(Duration delay, Instant now) {
            return new State(failures + 1, Optional.of(now.plus(delay)));
        }

        /// It succeeded: the next failure is a first one.
        public State succeeded() {
            return NONE;
        }

        /// The same failures, but it may be tried earlier or later.
        public State withRetryAt(Instant other) {
            return new State(failures, Optional.of(other));
        }

        /// Until when it is not to be tried; empty: it may be tried now.
        public Optional<Instant> until(Instant now) {
            return retryAt.filter(now::isBefore);
        }

        /// Whether it is not to be tried now.
        public boolean isActive(Instant now) {
            return until(now).isPresent();
        }
    }
}
