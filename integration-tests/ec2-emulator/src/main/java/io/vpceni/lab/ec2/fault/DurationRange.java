package io.vpceni.lab.ec2.fault;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// A range of durations from which one is drawn, each equally likely.
public record DurationRange(Duration min, Duration max) {
    public DurationRange {
        refuseNegative(min);
        if (max.compareTo(min) < 0) {
            throw new IllegalArgumentException("from " + min.toMillis() + " to " + max.toMillis() + " ms: want a span");
        }
    }

    public static DurationRange ofMillis(long min, long max) {
        return new DurationRange(Duration.ofMillis(min), Duration.ofMillis(max));
    }

    public static DurationRange fixed(Duration always) {
        return new DurationRange(always, always);
    }

    Duration draw(RandomGenerator random) {
        return min.plusNanos(random.nextLong(max.minus(min).toNanos() + 1));
    }

    static void refuseNegative(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException(duration.toMillis() + " ms: want 0 or more");
        }
    }
}
