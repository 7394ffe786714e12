package io.vpceni.lab.bench;

import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// The result of a burst for one implementation.
///
/// @param who in a few words
/// @param before assignable addresses when the pods came
/// @param waits time of each pod from the common start until its address, sorted; without pods that got none
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
