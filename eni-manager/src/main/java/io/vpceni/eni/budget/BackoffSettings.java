package io.vpceni.eni.budget;

import io.vpceni.config.Backoff;
import java.time.Duration;

/// The minimum gap between two calls, adapted to EC2's answers.
///
/// @param gap what each throttled answer makes of it; with the jitter of two gaps
/// @param speedUp factor for each other answer; below 1
/// @param resetAfter without a call of the action for this long there is no gap any more
public record BackoffSettings(Backoff gap, double speedUp, Duration resetAfter) {

    public BackoffSettings {
        if (!(gap.factor() > 1 && speedUp > 0 && speedUp < 1)) {
            throw new IllegalArgumentException(gap + ", speed up " + speedUp);
        }
    }
}
