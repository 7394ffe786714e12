package io.vpceni.pool.journal;

import io.vpceni.config.AttachmentKey;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What the kernel has of pods at one moment: links, host routes and rules. Each can be there without the others.
///
/// A link of ours is a sandbox and has its address, even without routes and rules. A host route over another link, or a
/// rule, may belong to a pod of another CNI plugin: no other pod gets that address, and it does not go back to EC2.
///
/// @param pods whose links are there: told by an alias of ours, or known from the start or since
/// @param routed what host routes over pods' links lead to, also over those of other plugins' pods
/// @param ruled what rules at the priorities of pods name: 512 to it, 1536 from it
public record KernelPodState(List<KernelPod> pods, Set<InetAddress> routed, Set<InetAddress> ruled) {

    public KernelPodState {
        pods = List.copyOf(pods);
        routed = Set.copyOf(routed);
        ruled = Set.copyOf(ruled);
    }

    /// Who has which address. A route or a rule alone does not say which sandbox it belongs to, except for the
    /// pods of other plugins that were found at start.
    ///
    /// @param foreignHolders under which keys the pool keeps addresses that pods of another CNI plugin have
    public Map<InetAddress, AttachmentKey> held(Map<InetAddress, AttachmentKey> foreignHolders) {
        Map<InetAddress, AttachmentKey> held = new HashMap<>();
        for (Set<InetAddress> named : List.of(routed, ruled)) {
            named.forEach(
                    address -> held.put(address, foreignHolders.getOrDefault(address, KernelPod.foreignKey(address))));
        }
        pods.forEach(pod -> held.put(pod.address(), pod.key()));
        return held;
    }

    /// What only rules name: the sandbox is gone, or is being wired at this moment.
    public Set<InetAddress> onlyRuled() {
        Set<InetAddress> only = new HashSet<>(ruled);
        only.removeAll(routed);
        pods.forEach(pod -> only.remove(pod.address()));
        return only;
    }
}
