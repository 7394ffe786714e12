package io.vpceni.eni.budget;

import java.time.Duration;

/// How calls of one priority behave towards others.
///
/// @param letsPass who comes that much later and has none to let pass still goes first; nobody later does
/// @param patience a call that is still throttled that long after it was handed in fails for good
/// @param cost tokens of this node's share that a call takes; 1 or more. With 2 such calls alone use half of the share
/// @param pacing what throttled answers do
public record Courtesy(Duration letsPass, Duration patience, int cost, Pacing pacing) {}
