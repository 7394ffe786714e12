package io.vpceni.network;

import io.vpceni.netlink.NetlinkFailure;
import io.vpceni.netlink.NetlinkRequest;
import io.vpceni.netlink.NetlinkSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jnr.constants.platform.linux.Errno;

/// Requests that are sent to the kernel in one message, each with the name of its step. The kernel tries each of
/// them, so a step must do no harm when an earlier one failed.
final class RequestBatch {

    private record Step(String name, NetlinkRequest request, List<Errno> fine) {}

    private final List<Step> steps = new ArrayList<>();

    /// @param fine errors that count as success
    RequestBatch then(String name, NetlinkRequest request, Errno... fine) {
        steps.add(new Step(name, request, List.of(fine)));
        return this;
    }

    /// @return for each step whether the kernel changed something; false: one of the fine errors
    /// @throws NetworkFailure for the first step that was refused
    List<Boolean> run(NetlinkSocket socket) throws NetworkFailure {
        List<NetlinkRequest> requests = steps.stream().map(Step::request).toList();
        List<Optional<NetlinkFailure>> outcomes =
                PodWirer.at(steps.getFirst().name(), () -> socket.requestEach(requests));
        List<Boolean> done = new ArrayList<>();
        for (Step step : steps) {
            Optional<NetlinkFailure> refused = outcomes.get(done.size());
            if (refused.isPresent() && step.fine().stream().noneMatch(refused.get()::is)) {
                throw new NetworkFailure(NetworkFailure.Kind.KERNEL, step.name(), refused.get());
            }
            done.add(refused.isEmpty());
        }
        return done;
    }
}
