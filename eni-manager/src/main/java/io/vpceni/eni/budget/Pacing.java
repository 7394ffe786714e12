package io.vpceni.eni.budget;

import java.time.Duration;

/// How throttled answers slow calls down, and how they recover.
///
/// @param firstGap the least between two calls after a throttled answer
/// @param gapMax never longer than that between two calls
/// @param slowDown each throttled answer makes the gap that many times as long; above 1
/// @param speedUp each other answer makes it that many times as long; below 1
/// @param forgottenAfter an action that was not wanted for that long goes at full pace again
public record Pacing(Duration firstGap, Duration gapMax, double slowDown, double speedUp, Duration forgottenAfter) {

    public Pacing {
        if (!(slowDown > 1 && speedUp > 0 && speedUp < 1) || firstGap.compareTo(gapMax) > 0) {
            throw new IllegalArgumentException(
                    "gaps from " + firstGap + " to " + gapMax + ", slow down " + slowDown + ", speed up " + speedUp);
        }
    }
}
