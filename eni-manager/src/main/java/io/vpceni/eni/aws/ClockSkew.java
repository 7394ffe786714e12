package io.vpceni.eni.aws;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// How far this node's clock is from AWS's, by the `Date` of the last answer.
final class ClockSkew {

    private final InstantSource time;

    private volatile Duration ahead = Duration.ZERO;

    ClockSkew(InstantSource time) {
        this.time = time;
    }

    /// An answer came now, and says that it is then.
    void saw(Instant then) {
        Duration difference = Duration.between(then, time.instant());
        ahead = difference.abs().compareTo(Ec2Access.CLOCK_OFF_MIN) < 0 ? Duration.ZERO : difference;
    }

    /// Negative when this node's is behind; zero when it is not off.
    Duration ahead() {
        return ahead;
    }
}
