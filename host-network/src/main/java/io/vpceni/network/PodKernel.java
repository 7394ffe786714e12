package io.vpceni.network;

import io.vpceni.netlink.NetnsFd;
import java.util.List;

/// The kernel as an ADD and a DEL need it; [HostNetwork] is it by netlink.
public interface PodKernel {
    /// Makes the pod's interface, routes and rules, or finds them made by the same wiring.
    ///
    /// @throws NetworkFailure what was done is undone; OUTCOME_UNKNOWN: nobody can say whether it was done
    WiredPod wire(PodWiring wiring, NetnsFd netns) throws NetworkFailure;

    /// Compares the sandbox and the node's side of it with what its ADD made. Changes nothing.
    ///
    /// @return the differences in words; empty: none
    List<String> check(PodExpectation expected, NetnsFd netns) throws NetworkFailure;

    /// Takes the pod's rules and routes away. Nothing there: fine.
    void unwire(PodUnwiring unwiring) throws NetworkFailure;
}
