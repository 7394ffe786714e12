package io.vpceni.network;

/// Groups of links (`ip link set group`), by which packets' filters and bulk deletion know them: numbers that no one
/// else
/// uses. A host end belongs to one of them from its creation to its end.
final class LinkGroups {

    /// Host ends of pods: `vpcp` in ASCII.
    static final int PODS = 0x76706370;

    /// Host ends that wait for their deletion: `vpce` in ASCII.
    static final int REAPED = 0x76706365;

    private LinkGroups() {}
}
