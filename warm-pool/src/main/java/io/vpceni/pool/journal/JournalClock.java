package io.vpceni.pool.journal;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;

/// What the times in the journal mean: each process of ipamd has its own clock.
///
/// The pool's times are the wall clock at start plus what a steady clock counted since, so that a step of the wall
/// clock moves no cooldown. The steady clock (`CLOCK_MONOTONIC`) is the same for all processes of one
/// boot, whatever the wall clock did in between.
///
/// @param bootId of the kernel, `/proc/sys/kernel/random/boot_id`
/// @param origin the time, by this process's clock, at which the steady clock was 0
public record JournalClock(String bootId, Instant origin) {

    /// @param wallAtStart the wall clock when the process started
    /// @param monotonicNanosAtStart the steady clock at the same moment, in nanoseconds
    public static JournalClock of(String bootId, Instant wallAtStart, long monotonicNanosAtStart) {
        return new JournalClock(bootId, wallAtStart.minusNanos(monotonicNanosAtStart));
    }

    /// Whether tickets and steady times of that clock can be compared with this one's.
    boolean isOfSameBoot(JournalClock other) {
        return bootId.equals(other.bootId);
    }

    /// A time of another process by this one's clock. Processes of different boots share only the wall clock.
    Instant translate(Instant time, JournalClock from) {
        if (!isOfSameBoot(from)) {
            return time;
        }
        try {
            return time.plus(Duration.between(from.origin, origin));
        } catch (DateTimeException | ArithmeticException _) {
            return time; // at the edge of time nothing moves
        }
    }
}
