package io.vpceni.eni.budget;

import io.vpceni.eni.Ec2Action;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The state of one action.
///
/// @param tokens content of the bucket; below 1 no call is sent
/// @param perSecond calls per second once the tokens are used up: the rate of the slowest priority that was called
/// @param perSecondMax that rate while nothing is throttled
/// @param waiting calls that are queued, retries included
/// @param underWay calls in flight
/// @param made calls sent since the start, retries included
/// @param throttled those of them that EC2 throttled
/// @param nextAt when the first queued call may be sent at the earliest: with a token in the bucket, and after the gap
///     that follows a throttled call; null when none is queued
public record ActionBudget(
        Ec2Action action,
        double tokens,
        double perSecond,
        double perSecondMax,
        int waiting,
        int underWay,
        long made,
        long throttled,
        @Nullable Instant nextAt) {}
