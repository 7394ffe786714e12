package io.vpceni.lab.bench;

/// What is told of ipamd.
///
/// @param readyMs from exec until it can serve, on a node that has no pod
/// @param rssKb resident memory after all series
/// @param restoredPods how many pods it found at its restart
/// @param restartReadyMs from exec until it can serve again, with those pods to recover
/// @param pairs of ADD and DEL that it had served when `rssKb` was read
public record IpamdFigures(long readyMs, long rssKb, int restoredPods, long restartReadyMs, int pairs) {}
