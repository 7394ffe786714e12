package io.vpceni.lab.fleet;

import java.time.Duration;
import java.util.SortedMap;

/// What came of a run.
///
/// @param warm nodes that had the addresses that they want, at the end
/// @param halfWarmAfter when half of the nodes had; the run's length when they never had
/// @param lastWarmAfter when the last node had; the run's length when one never had
/// @param lastPodAfter when the last pod had an address; the run's length when one never had
/// @param calls of the fleet, by action, until the last node was warm
/// @param other what the other client asked for in that time
public record FleetResult(
        FleetPlan plan,
        int warm,
        Duration halfWarmAfter,
        Duration lastWarmAfter,
        Duration lastPodAfter,
        Duration floor,
        SortedMap<String, FleetAccount.RequestCount> calls,
        FleetAccount.RequestCount other) {

    /// How many times the floor it took; the floor is at least a second.
    double ratio() {
        return seconds(lastWarmAfter) / Math.max(1, seconds(floor));
    }

    FleetAccount.RequestCount total() {
        return calls.values().stream().reduce(new FleetAccount.RequestCount(0, 0), FleetAccount.RequestCount::plus);
    }

    /// Part of the calls that EC2 refused for now.
    double throttledShare() {
        return share(total());
    }

    /// The same of the other client's calls.
    double otherThrottledShare() {
        return share(other);
    }

    private static double share(FleetAccount.RequestCount count) {
        return count.asked() == 0 ? 0 : (double) count.throttled() / count.asked();
    }

    private static double seconds(Duration length) {
        return length.toMillis() / 1e3;
    }
}
