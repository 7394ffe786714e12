package io.vpceni.eni.budget;

import java.time.Duration;

/// How calls of one priority behave towards others.
///
/// @param letsPass who comes that much later and has none to let pass still goes first; nobody later does
/// @param patience a call that is still throttled that long after it was handed in fails for good
/// @param pacing what throttled answers do
public record Courtesy(Duration letsPass, Duration patience, Pacing pacing) {}
