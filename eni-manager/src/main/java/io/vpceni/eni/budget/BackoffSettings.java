package io.vpceni.eni.budget;

import java.time.Duration;

/// The minimum gap between two calls, adapted to EC2's answers.
///
/// @param firstGap after the first throttled answer
/// @param gapMax upper bound
/// @param slowDown factor for each throttled answer; above 1
/// @param speedUp factor for each other answer; below 1
/// @param resetAfter without a call of the action for this long there is no gap any more
public record BackoffSettings(
        Duration firstGap, Duration gapMax, double slowDown, double speedUp, Duration resetAfter) {

    public BackoffSettings {
        if (!(slowDown > 1 && speedUp > 0 && speedUp < 1) || firstGap.compareTo(gapMax) > 0) {
            throw new IllegalArgumentException(
                    "gaps from " + firstGap + " to " + gapMax + ", slow down " + slowDown + ", speed up " + speedUp);
        }
    }
}
