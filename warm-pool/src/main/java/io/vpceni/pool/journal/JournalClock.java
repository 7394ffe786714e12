package io.vpceni.pool.journal;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;

/// What the times of one life of ipamd mean.
///
/// The pool's times are the wall clock at start plus what a steady clock counted since, so that a step of the wall
/// clock moves no cooldown. The steady clock (`CLOCK_MONOTONIC`) is one for all processes between two boots: two
/// lives of one boot agree on it, whatever the wall clock did in between.
///
/// @param bootId of the kernel, `/proc/sys/kernel/random/boot_id`
/// @param origin what this life calls the moment at which the steady clock showed 0
public record JournalClock(String bootId, Instant origin) {

    /// @param wallAtStart the wall clock when this life began
    /// @param monotonicNanosAtStart the steady clock at the same moment, in nanoseconds
    public static JournalClock of(String bootId, Instant wallAtStart, long monotonicNanosAtStart) {
        return new JournalClock(bootId, wallAtStart.minusNanos(monotonicNanosAtStart));
    }

    /// A time of another life in the words of this one. Lives of different boots share only the wall clock.
    Instant translate(Instant time, JournalClock from) {
        if (!bootId.equals(from.bootId)) {
            return time;
        }
        try {
            return time.plus(Duration.between(from.origin, origin));
        } catch (DateTimeException | ArithmeticException _) {
            return time; // at the edge of time nothing moves
        }
    }
}
