package io.vpceni.lab.bench;

import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// How a burst went for one of those who serve it.
///
/// @param who in a few words
/// @param before addresses that could be given when the pods came
/// @param waits of the pods, from the common begin until each had its address, sorted; those that never got one are
///     missing
/// @param failedAdds ADDs that ended without an address, tried again or not
/// @param enis attached at the end of the burst
/// @param calls to EC2 from the begin until the last address was there, by name
public record BurstResult(
        String who, int before, List<Duration> waits, long failedAdds, int enis, SortedMap<String, Long> calls) {
    public BurstResult {
        waits = waits.stream().sorted().toList();
        calls = new TreeMap<>(calls);
    }

    /// Until every pod had its address; zero without any.
    public Duration last() {
        return waits.isEmpty() ? Duration.ZERO : waits.getLast();
    }

    /// Until half of them had.
    public Duration median() {
        return waits.isEmpty() ? Duration.ZERO : waits.get((waits.size() - 1) / 2);
    }
}
