package io.vpceni.network;

import java.util.List;

/// Groups of links (`ip link set group`), by which packet filters and bulk deletion select them. No other program
/// uses these numbers. A host end is in one of them from its creation to its deletion.
final class LinkGroups {

    /// Host ends of pods: `vpcp` in ASCII.
    static final int PODS = 0x76706370;

    /// Host ends that wait for deletion: `vpce` in ASCII.
    static final int REAPED = 0x76706365;

    /// Host ends of pods that may also send with addresses that are not their own: `vpcr` in ASCII, for
    /// "router".
    static final int ROUTING_PODS = 0x76706372;

    /// Groups of pods that are wired or being wired.
    static final List<Integer> OF_PODS = List.of(PODS, ROUTING_PODS);

    /// All groups.
    static final List<Integer> ALL = List.of(PODS, ROUTING_PODS, REAPED);

    /// The group in which the host end of such a pod is created.
    static int of(PodSources sources) {
        return switch (sources) {
            case OWN -> PODS;
            case ANY -> ROUTING_PODS;
        };
    }

    /// The sources that pods of a group may use.
    static PodSources sources(int group) {
        return group == ROUTING_PODS ? PodSources.ANY : PodSources.OWN;
    }

    private LinkGroups() {}
}
