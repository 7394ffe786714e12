package io.vpceni.network.drift;

import io.vpceni.netlink.NetlinkFailure;
import io.vpceni.netlink.NetlinkRequest;
import io.vpceni.netlink.NetlinkSocket;
import io.vpceni.network.drift.Repair.Owner;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jnr.constants.platform.linux.Errno;

/// Carries out repairs: those of one owner in one message, while the owner is still desired.
final class RepairRun {

    /// Errors that mean that the repair is already done.
    private static final List<Errno> FINE = List.of(Errno.EEXIST, Errno.ENOENT, Errno.ESRCH, Errno.EADDRNOTAVAIL);

    private final NetlinkSocket socket;
    private final DriftSubject subject;

    /// The result of a repair that was tried.
    ///
    /// @param refusal empty: done
    record Outcome(Repair repair, Optional<NetlinkFailure> refusal) {}

    RepairRun(NetlinkSocket socket, DriftSubject subject) {
        this.socket = socket;
        this.subject = subject;
    }

    /// @return results of the repairs whose owner is still desired
    List<Outcome> carryOut(List<Repair> repairs) throws IOException {
        Map<Optional<Owner>, List<Repair>> byOwner = new LinkedHashMap<>();
        repairs.forEach(repair ->
                byOwner.computeIfAbsent(repair.owner(), _ -> new ArrayList<>()).add(repair));
        List<Outcome> outcomes = new ArrayList<>();
        for (Map.Entry<Optional<Owner>, List<Repair>> one : byOwner.entrySet()) {
            DriftSubject.Work work = () -> request(one.getValue(), outcomes);
            switch (one.getKey().orElse(null)) {
                case Owner.OfPod(DesiredPod pod) -> subject.whileWanted(pod, work);
                case Owner.OfEni(DesiredEni eni) -> subject.whileWanted(eni, work);
                case null -> work.run();
            }
        }
        return outcomes;
    }

    private void request(List<Repair> repairs, List<Outcome> outcomes) throws NetlinkFailure {
        List<NetlinkRequest> requests = new ArrayList<>();
        repairs.forEach(repair -> requests.addAll(repair.requests()));
        List<Optional<NetlinkFailure>> answers = new ArrayList<>();
        for (int from = 0; from < requests.size(); from += NetlinkSocket.REQUESTS_MAX) {
            int to = Math.min(requests.size(), from + NetlinkSocket.REQUESTS_MAX);
            answers.addAll(socket.requestEach(requests.subList(from, to)));
        }
        int next = 0;
        for (Repair repair : repairs) {
            int end = next + repair.requests().size();
            outcomes.add(new Outcome(
                    repair,
                    answers.subList(next, end).stream()
                            .flatMap(Optional::stream)
                            .filter(refusal -> FINE.stream().noneMatch(refusal::is))
                            .findFirst()));
            next = end;
        }
    }
}
