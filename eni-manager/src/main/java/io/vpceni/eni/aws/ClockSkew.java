package io.vpceni.eni.aws;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// The difference between this node's clock and AWS's, from the `Date` of the last answer.
final class ClockSkew {

    private final InstantSource time;

    private volatile Duration ahead = Duration.ZERO;

    ClockSkew(InstantSource time) {
        this.time = time;
    }

    /// An answer arrived now, with this date.
    void saw(Instant then) {
        Duration difference = Duration.between(then, time.instant());
        ahead = difference.abs().compareTo(Ec2Access.CLOCK_OFF_MIN) < 0 ? Duration.ZERO : difference;
    }

    /// Negative when this node's clock is behind; zero when it is right.
    Duration ahead() {
        return ahead;
    }
}
