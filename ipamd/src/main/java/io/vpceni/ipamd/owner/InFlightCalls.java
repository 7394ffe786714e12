package io.vpceni.ipamd.owner;

import io.vpceni.eni.Ec2Action;
import io.vpceni.eni.Ec2Call;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.ipamd.observe.Ec2Status;
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
final class InFlightCalls {

    private final SortedMap<Long, Ec2Status.UnderWay> underWay = new TreeMap<>();
    private final Map<Ec2Action, Ec2Status.Trouble> troubles = new EnumMap<>(Ec2Action.class);

    synchronized void left(long call, Ec2Call<?> what, Instant now) {
        underWay.put(call, new Ec2Status.UnderWay(what, now));
    }

    synchronized void answered(long call) {
        Ec2Status.@Nullable UnderWay left = underWay.remove(call);
        if (left != null) {
            troubles.remove(left.what().action());
        }
    }

    synchronized void failed(long call, Ec2Failure failure, Instant now) {
        Ec2Status.@Nullable UnderWay left = underWay.remove(call);
        if (left == null) {
            return;
        }
        Ec2Action action = left.what().action();
        Ec2Status.@Nullable Trouble before = troubles.get(action);
        long times = before == null || before.kind() != failure.kind() ? 1 : before.times() + 1;
        troubles.put(
                action,
                new Ec2Status.Trouble(
                        action.apiName(), failure.kind(), String.valueOf(failure.getMessage()), now, times));
    }

    /// The oldest first.
    synchronized List<Ec2Status.UnderWay> underWay() {
        return List.copyOf(underWay.values());
    }

    /// The latest first.
    synchronized List<Ec2Status.Trouble> troubles() {
        return troubles.values().stream()
                .sorted(Comparator.comparing(Ec2Status.Trouble::at).reversed())
                .toList();
    }
}
