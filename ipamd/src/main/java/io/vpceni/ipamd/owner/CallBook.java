package io.vpceni.ipamd.owner;

import io.vpceni.eni.Ec2Action;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.ipamd.observe.CloudSnapshot;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Which calls are with EC2, and what EC2 refuses. Of each action the last failure is kept until one succeeds.
///
/// Thread-safe.
final class CallBook {

    private final SortedMap<Long, CloudSnapshot.UnderWay> underWay = new TreeMap<>();
    private final Map<Ec2Action, CloudSnapshot.Trouble> troubles = new EnumMap<>(Ec2Action.class);

    synchronized void left(long call, Ec2Call what, Instant now) {
        underWay.put(call, new CloudSnapshot.UnderWay(what, now));
    }

    synchronized void answered(long call) {
        CloudSnapshot.@Nullable UnderWay left = underWay.remove(call);
        if (left != null) {
            troubles.remove(left.what().action());
        }
    }

    synchronized void failed(long call, Ec2Failure failure, Instant now) {
        CloudSnapshot.@Nullable UnderWay left = underWay.remove(call);
        if (left == null) {
            return;
        }
        Ec2Action action = left.what().action();
        CloudSnapshot.@Nullable Trouble before = troubles.get(action);
        long times = before == null || before.kind() != failure.kind() ? 1 : before.times() + 1;
        troubles.put(
                action,
                new CloudSnapshot.Trouble(
                        action.apiName(), failure.kind(), String.valueOf(failure.getMessage()), now, times));
    }

    /// The oldest first.
    synchronized List<CloudSnapshot.UnderWay> underWay() {
        return List.copyOf(underWay.values());
    }

    /// The latest first.
    synchronized List<CloudSnapshot.Trouble> troubles() {
        return troubles.values().stream()
                .sorted(Comparator.comparing(CloudSnapshot.Trouble::at).reversed())
                .toList();
    }
}
