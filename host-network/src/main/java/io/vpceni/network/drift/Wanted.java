package io.vpceni.network.drift;

import io.vpceni.netlink.Rule;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What the kernel should hold.
///
/// @param mark rule 1024; empty: before the primary ENI was set up
/// @param markNeeded whether there should be one
public record Wanted(List<WantedPod> pods, List<WantedEni> enis, Optional<Rule> mark, boolean markNeeded) {

    public Wanted {
        pods = List.copyOf(pods);
        enis = List.copyOf(enis);
    }

    /// What was wanted before a look and is wanted after it: what came or went meanwhile was perhaps seen half.
    Wanted and(Wanted later) {
        Set<WantedPod> laterPods = new HashSet<>(later.pods);
        Set<WantedEni> laterEnis = new HashSet<>(later.enis);
        return new Wanted(
                pods.stream().filter(laterPods::contains).toList(),
                enis.stream().filter(laterEnis::contains).toList(),
                mark.filter(rule -> later.mark.equals(mark)),
                markNeeded);
    }
}
