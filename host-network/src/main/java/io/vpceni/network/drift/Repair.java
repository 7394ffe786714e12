package io.vpceni.network.drift;

import io.vpceni.netlink.NetlinkRequest;
import java.util.List;
import java.util.Optional;

/// One difference from the desired state, and the requests that repair it.
///
/// @param object for people; together with the kind it identifies the difference
/// @param owner the pod or ENI; empty: the node
/// @param found the actual state
/// @param requests in this order; none: it is only reported
record Repair(DriftKind kind, String object, Optional<Owner> owner, String found, List<NetlinkRequest> requests) {

    /// A [DesiredPod] or [DesiredEni]. Nothing is repaired for it once it is not desired any more.
    sealed interface Owner {
        record OfPod(DesiredPod pod) implements Owner {}

        record OfEni(DesiredEni eni) implements Owner {}
    }

    Repair {
        requests = List.copyOf(requests);
    }

    @Override
    public String toString() {
        return kind.label() + " " + object + ": " + found + " -> " + requests;
    }
}
