package io.vpceni.eni.budget;

import java.time.Duration;

/// How throttled answers slow an action down, and how it recovers.
///
/// @param slowDown each throttled answer makes the time between two calls that many times as long; above 1
/// @param speedUp each other answer makes it that many times as long; below 1
/// @param gapMax never longer than that between two calls
/// @param forgottenAfter an action that was not wanted for that long goes at full pace again
public record Pacing(double slowDown, double speedUp, Duration gapMax, Duration forgottenAfter) {

    public Pacing {
        if (!(slowDown > 1 && speedUp > 0 && speedUp < 1)) {
            throw new IllegalArgumentException("slow down " + slowDown + ", speed up " + speedUp);
        }
    }
}
