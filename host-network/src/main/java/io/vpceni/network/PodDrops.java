package io.vpceni.network;

import java.util.Optional;

/// Packets that came from one pod's link and were dropped on the node.
///
/// @param pod empty: the pod is not wired any more, or not yet
/// @param packets 1 or more
public record PodDrops(PodDrop why, Optional<PodWiring> pod, long packets) {}
