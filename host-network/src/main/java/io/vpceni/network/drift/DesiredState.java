package io.vpceni.network.drift;

import io.vpceni.netlink.Rule;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The desired state of the kernel.
///
/// @param marks rules for marked packets, 1022 to 1024; none before the primary ENI is set up
/// @param marksNeeded whether there should be any
public record DesiredState(List<DesiredPod> pods, List<DesiredEni> enis, List<Rule> marks, boolean marksNeeded) {

    public DesiredState {
        pods = List.copyOf(pods);
        enis = List.copyOf(enis);
        marks = List.copyOf(marks);
    }

    /// What was desired before a check and is desired after it. Objects that were added or removed during the
    /// check may have been read only in part.
    DesiredState and(DesiredState later) {
        Set<DesiredPod> laterPods = new HashSet<>(later.pods);
        Set<DesiredEni> laterEnis = new HashSet<>(later.enis);
        return new DesiredState(
                pods.stream().filter(laterPods::contains).toList(),
                enis.stream().filter(laterEnis::contains).toList(),
                later.marks.equals(marks) ? marks : List.of(),
                marksNeeded);
    }
}
