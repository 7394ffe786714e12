package io.vpceni.network;

import java.util.List;

/// Groups of links (`ip link set group`), by which packets' filters and bulk deletion know them: numbers that no
/// one else uses. A host end belongs to one of them from its creation to its end.
final class LinkGroups {

    /// Host ends of pods: `vpcp` in ASCII.
    static final int PODS = 0x76706370;

    /// Host ends that wait for their deletion: `vpce` in ASCII.
    static final int REAPED = 0x76706365;

    /// Host ends of pods that send with other addresses than their own, too: `vpcr` in ASCII, as in "router".
    static final int ROUTING_PODS = 0x76706372;

    /// Of pods that are wired, or being wired.
    static final List<Integer> OF_PODS = List.of(PODS, ROUTING_PODS);

    /// All of them.
    static final List<Integer> ALL = List.of(PODS, ROUTING_PODS, REAPED);

    /// In which the host end of such a pod is made.
    static int of(PodSources sources) {
        return switch (sources) {
            case OWN -> PODS;
            case ANY -> ROUTING_PODS;
        };
    }

    /// What the pods of a group send.
    static PodSources sources(int group) {
        return group == ROUTING_PODS ? PodSources.ANY : PodSources.OWN;
    }

    private LinkGroups() {}
}
