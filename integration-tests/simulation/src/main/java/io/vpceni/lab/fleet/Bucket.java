package io.vpceni.lab.fleet;

import io.vpceni.eni.budget.RequestBucket;
import java.time.Duration;
import java.time.Instant;

/// One action's token bucket of an account, as EC2 has it: who finds a token takes it, who finds none is refused and
/// costs nothing.
final class Bucket {

    private final RequestBucket allowance;
    private double tokens;
    private Instant countedAt = Timeline.START;

    Bucket(RequestBucket allowance) {
        this.allowance = allowance;
        this.tokens = allowance.burst();
    }

    boolean take(Instant now) {
        double seconds = Duration.between(countedAt, now).toNanos() / 1e9;
        tokens = Math.min(allowance.burst(), tokens + seconds * allowance.perSecond());
        countedAt = now;
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }
}
