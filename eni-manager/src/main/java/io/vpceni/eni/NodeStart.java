package io.vpceni.eni;

import io.vpceni.pool.NodeLimits;
import java.util.List;

/// What a node knows of itself when it starts.
///
/// @param limits what the instance type allows
/// @param enis all attached ENIs; the primary one first, then by network card and device index
public record NodeStart(NodeIdentity identity, NodeLimits limits, List<AttachedEni> enis) {

    public NodeStart {
        enis = List.copyOf(enis);
    }

    /// The ENI that the instance was started with.
    public AttachedEni primary() {
        return enis.getFirst();
    }
}
