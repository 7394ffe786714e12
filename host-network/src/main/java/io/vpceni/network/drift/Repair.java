package io.vpceni.network.drift;

import io.vpceni.netlink.Request;
import java.util.List;
import java.util.Optional;

/// One thing that is not as it should be, and what mends it.
///
/// @param object what it is about, for people; with the kind its identity
/// @param found what there was instead
/// @param owner whom it belongs to; empty: the node
/// @param requests in this order; none: it is only said
record Repair(DriftKind kind, String object, String found, Optional<Owner> owner, List<Request> requests) {

    /// A [DesiredPod] or [DesiredEni]: nothing is mended for it once it is not wanted any more.
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
