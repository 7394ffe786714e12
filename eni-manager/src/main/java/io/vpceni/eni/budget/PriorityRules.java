package io.vpceni.eni.budget;

import java.time.Duration;

/// How calls of one priority are queued and retried.
///
/// @param deferBy a call of this priority is sorted as if it had been submitted this much later
/// @param retryFor a call that is still throttled this long after it was submitted fails for good
/// @param cost tokens per call; 1 or more. With 2, calls of this priority use at most half of the node's share
/// @param backoff what throttled answers do to the gap between two calls
public record PriorityRules(Duration deferBy, Duration retryFor, int cost, BackoffSettings backoff) {}
