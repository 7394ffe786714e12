package io.vpceni.network.drift;

import io.vpceni.netlink.Rule;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What the kernel should hold.
///
/// @param marks rules for marked packets, 1022 to 1024; none: before the primary ENI was set up
/// @param marksNeeded whether there should be any
public record Wanted(List<WantedPod> pods, List<WantedEni> enis, List<Rule> marks, boolean marksNeeded) {

    public Wanted {
        pods = List.copyOf(pods);
        enis = List.copyOf(enis);
        marks = List.copyOf(marks);
    }

    /// What was wanted before a look and is wanted after it: what came or went meanwhile was perhaps seen half.
    Wanted and(Wanted later) {
        Set<WantedPod> laterPods = new HashSet<>(later.pods);
        Set<WantedEni> laterEnis = new HashSet<>(later.enis);
        return new Wanted(
                pods.stream().filter(laterPods::contains).toList(),
                enis.stream().filter(laterEnis::contains).toList(),
                later.marks.equals(marks) ? marks : List.of(),
                marksNeeded);
    }
}
