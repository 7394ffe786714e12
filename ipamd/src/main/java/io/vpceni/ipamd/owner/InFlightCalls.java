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

/// The EC2 calls in flight, and the last refusal of each action until one succeeds. A refusal that says nothing of the
/// action, only of the credentials or the connection, ends with the next success of any action.
///
/// Thread-safe.
final class InFlightCalls {

    private final SortedMap<Long, Ec2Status.InFlightCall> inFlight = new TreeMap<>();
    private final Map<Ec2Action, Ec2Status.LastRefusal> refusals = new EnumMap<>(Ec2Action.class);

    synchronized void sent(long call, Ec2Call<?> what, Instant now) {
        inFlight.put(call, new Ec2Status.InFlightCall(what, now));
    }

    synchronized void answered(long call) {
        Ec2Status.@Nullable InFlightCall left = inFlight.remove(call);
        if (left != null) {
            refusals.remove(left.what().action());
            refusals.values().removeIf(refusal -> isOver(refusal, left.since()));
        }
    }

    /// Whether the success of a call of another action, sent then, shows that what refused this one is over: EC2 can be
    /// reached, and accepts the node's credentials.
    private static boolean isOver(Ec2Status.LastRefusal refusal, Instant sent) {
        return !refusal.at().isAfter(sent)
                && switch (refusal.kind()) {
                    case NOT_AUTHENTICATED, NO_CREDENTIALS, UNAVAILABLE -> true;
                    case SUBNET_EXHAUSTED,
                            NO_CONTIGUOUS_PREFIX,
                            ENI_LIMIT,
                            ADDRESS_LIMIT,
                            NOT_FOUND,
                            UNAUTHORIZED,
                            FORBIDDEN_BY_SETTING,
                            CONFLICT,
                            INVALID,
                            THROTTLED,
                            OUTCOME_UNKNOWN,
                            OTHER -> false;
                };
    }

    synchronized void failed(long call, Ec2Failure failure, Instant now) {
        Ec2Status.@Nullable InFlightCall left = inFlight.remove(call);
        if (left == null) {
            return;
        }
        Ec2Action action = left.what().action();
        Ec2Status.@Nullable LastRefusal before = refusals.get(action);
        long times = before == null || before.kind() != failure.kind() ? 1 : before.times() + 1;
        refusals.put(
                action,
                new Ec2Status.LastRefusal(
                        action.apiName(), failure.kind(), String.valueOf(failure.getMessage()), now, times));
    }

    /// The oldest first.
    synchronized List<Ec2Status.InFlightCall> inFlight() {
        return List.copyOf(inFlight.values());
    }

    /// The latest first.
    synchronized List<Ec2Status.LastRefusal> refusals() {
        return refusals.values().stream()
                .sorted(Comparator.comparing(Ec2Status.LastRefusal::at).reversed())
                .toList();
    }
}
