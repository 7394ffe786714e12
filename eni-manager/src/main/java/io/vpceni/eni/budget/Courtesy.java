package io.vpceni.eni.budget;

import java.time.Duration;

/// How calls of one priority behave towards others.
///
/// @param letsPass who comes that much later and has none to let pass still goes first; nobody later does
/// @param firstGap how long at least is waited after a throttled answer
/// @param patience a call that is still throttled that long after it was handed in fails for good
public record Courtesy(Duration letsPass, Duration firstGap, Duration patience) {}
