package io.vpceni.ipamd.observe;

import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.budget.ActionBudget;
import io.vpceni.eni.site.SubnetState;
import io.vpceni.pool.Effect;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// The one cause that keeps the node from getting new addresses and ENIs, in words. For `ipamctl ec2` and for the
/// errors of ADDs.
public final class GrowthBlocker {
    private GrowthBlocker() {}

    /// The most important cause; empty when none is known.
    static Optional<String> of(Ec2Status ec2) {
        return AccessText.missing(ec2.access().credentials())
                .or(() -> refusal(ec2, refusal -> refusal.kind() == Ec2Failure.Kind.NOT_AUTHENTICATED)
                        .map(refusal -> "EC2 does not accept this node's credentials: " + refusal.text()))
                .or(() -> refusal(ec2, refusal -> refusal.kind() == Ec2Failure.Kind.UNAUTHORIZED)
                        .map(refusal -> "the node's role may not do " + refusal.action() + ": " + refusal.text()))
                .or(() -> refusal(ec2, refusal -> refusal.kind() == Ec2Failure.Kind.FORBIDDEN_BY_SETTING)
                        .map(refusal -> "a setting of this node forbids it: " + refusal.text()))
                .or(() -> throttled(ec2))
                .or(() -> exhausted(ec2))
                .or(() -> refusal(ec2, refusal -> refusal.kind() == Ec2Failure.Kind.UNAVAILABLE)
                        .map(refusal -> "EC2 cannot be reached: " + refusal.text()));
    }

    /// Why blocks or an ENI that the pool requested do not come; empty when it requested none, or no cause is
    /// known.
    ///
    /// @param ec2 may throw [IllegalStateException]: then no cause is known
    public static Optional<String> ofRequests(Supplier<Ec2Status> ec2) {
        try {
            Ec2Status now = ec2.get();
            boolean grows = now.wanted().stream()
                    .anyMatch(wanted -> wanted.request() instanceof Effect.AssignBlocks
                            || wanted.request() instanceof Effect.AddEni);
            return grows ? of(now) : Optional.empty();
        } catch (IllegalStateException _) {
            return Optional.empty();
        }
    }

    private static Optional<Ec2Status.LastRefusal> refusal(Ec2Status ec2, Predicate<Ec2Status.LastRefusal> such) {
        return ec2.refusals().stream().filter(such).findFirst();
    }

    private static Optional<String> throttled(Ec2Status ec2) {
        List<ActionBudget> slow = ec2.budget().actions().stream()
                .filter(action -> action.waiting() > 0)
                .toList();
        boolean refused = refusal(ec2, refusal -> refusal.kind() == Ec2Failure.Kind.THROTTLED)
                .isPresent();
        if (slow.isEmpty() || !refused) {
            return Optional.empty();
        }
        return Optional.of(slow.stream()
                .map(action -> "EC2 throttles " + action.action().apiName() + " (" + action.waiting()
                        + " calls are queued, " + Ec2StatusText.number(action.perSecond()) + " a second can be sent)")
                .collect(Collectors.joining("; ", "", "; if it lasts, ask AWS for a higher request rate")));
    }

    private static Optional<String> exhausted(Ec2Status ec2) {
        List<SubnetState> used = ec2.subnets().stream()
                .filter(subnet -> subnet.eligibility() == SubnetState.Eligibility.USED)
                .toList();
        boolean all = !used.isEmpty() && used.stream().allMatch(subnet -> subnet.backoffUntil() != null);
        String names = used.stream().map(SubnetState::subnetId).collect(Collectors.joining(", "));
        return all
                ? Optional.of("no free address in " + names + ": free some, or give the node another subnet")
                : Optional.empty();
    }
}
