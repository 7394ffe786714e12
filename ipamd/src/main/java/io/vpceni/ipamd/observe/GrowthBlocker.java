package io.vpceni.ipamd.observe;

import io.vpceni.config.Count;
import io.vpceni.eni.Ec2Action;
import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.budget.ActionBudget;
import io.vpceni.eni.site.SubnetState;
import io.vpceni.pool.Effect;
import io.vpceni.pool.PoolSnapshot;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// The one cause that keeps the node from getting new addresses and ENIs, in words. For `ipamctl ec2` and for the
/// errors of ADDs.
public final class GrowthBlocker {
    private GrowthBlocker() {}

    /// The most important cause; empty when none is known, or the node does not need to grow.
    static Optional<String> of(PoolSnapshot pool, Ec2Status ec2) {
        boolean needsMore = pool.target().more() > 0 || pool.waiting() > 0;
        if (needsMore && pool.lastFailure().isPresent()) {
            return of(ec2, Growing.of(ec2).isNone() ? Growing.BOTH : Growing.of(ec2));
        }
        return ofRequests(ec2);
    }

    /// Why blocks or an ENI that the pool requested do not come; empty when it requested none, or no cause is
    /// known.
    ///
    /// @param ec2 may throw [IllegalStateException]: then no cause is known
    public static Optional<String> ofRequests(Supplier<Ec2Status> ec2) {
        try {
            return ofRequests(ec2.get());
        } catch (IllegalStateException _) {
            return Optional.empty();
        }
    }

    private static Optional<String> ofRequests(Ec2Status ec2) {
        Growing growing = Growing.of(ec2);
        return growing.isNone() ? Optional.empty() : of(ec2, growing);
    }

    /// What the node asks EC2 for, to grow.
    private record Growing(boolean blocks, boolean eni) {
        private static final Growing BOTH = new Growing(true, true);

        static Growing of(Ec2Status ec2) {
            return new Growing(
                    ec2.wanted().stream().anyMatch(wanted -> wanted.request() instanceof Effect.AssignBlocks),
                    ec2.wanted().stream().anyMatch(wanted -> wanted.request() instanceof Effect.AddEni));
        }

        boolean isNone() {
            return !blocks && !eni;
        }

        /// Whether the node cannot grow without the action. It can without the list of subnets, and a throttled look
        /// only comes later.
        boolean needs(Ec2Action action) {
            return switch (action) {
                case ASSIGN_PRIVATE_IP_ADDRESSES, ASSIGN_IPV6_ADDRESSES -> blocks;
                case CREATE_NETWORK_INTERFACE, ATTACH_NETWORK_INTERFACE, MODIFY_NETWORK_INTERFACE_ATTRIBUTE -> eni;
                case DESCRIBE_INSTANCE_TYPES,
                        DESCRIBE_NETWORK_INTERFACES,
                        DESCRIBE_SUBNETS,
                        DETACH_NETWORK_INTERFACE,
                        DELETE_NETWORK_INTERFACE,
                        UNASSIGN_PRIVATE_IP_ADDRESSES,
                        UNASSIGN_IPV6_ADDRESSES,
                        CREATE_TAGS -> false;
            };
        }

        boolean needs(String apiName) {
            return Arrays.stream(Ec2Action.values())
                    .anyMatch(action -> action.apiName().equals(apiName) && needs(action));
        }
    }

    private static Optional<String> of(Ec2Status ec2, Growing growing) {
        Predicate<Ec2Status.LastRefusal> needed = refusal -> growing.needs(refusal.action());
        return AccessText.missing(ec2.access().credentials())
                .or(() -> refusal(ec2, Ec2Failure.Kind.NOT_AUTHENTICATED, _ -> true)
                        .map(refusal -> "EC2 does not accept this node's credentials: " + refusal.text()))
                .or(() -> refusal(ec2, Ec2Failure.Kind.UNAUTHORIZED, needed)
                        .map(refusal -> "the node's role may not do " + refusal.action() + ": " + refusal.text()))
                .or(() -> refusal(ec2, Ec2Failure.Kind.FORBIDDEN_BY_SETTING, needed)
                        .map(refusal -> "a setting of this node forbids it: " + refusal.text()))
                .or(() -> throttled(ec2, growing))
                .or(() -> exhausted(ec2))
                .or(() -> refusal(ec2, Ec2Failure.Kind.UNAVAILABLE, _ -> true)
                        .map(refusal -> "EC2 cannot be reached: " + refusal.text()));
    }

    private static Optional<Ec2Status.LastRefusal> refusal(
            Ec2Status ec2, Ec2Failure.Kind kind, Predicate<Ec2Status.LastRefusal> such) {
        return ec2.refusals().stream()
                .filter(refusal -> refusal.kind() == kind && such.test(refusal))
                .findFirst();
    }

    private static Optional<String> throttled(Ec2Status ec2, Growing growing) {
        List<ActionBudget> slow = ec2.budget().actions().stream()
                .filter(action -> action.waiting() > 0 && growing.needs(action.action()))
                .filter(action -> refusal(
                                ec2,
                                Ec2Failure.Kind.THROTTLED,
                                last -> last.action().equals(action.action().apiName()))
                        .isPresent())
                .toList();
        if (slow.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(slow.stream()
                .map(action -> "EC2 throttles " + action.action().apiName() + " ("
                        + Count.of(action.waiting(), "call is", "calls are") + " queued, "
                        + Ec2StatusText.number(action.perSecond()) + " a second can be sent)")
                .collect(Collectors.joining("; ", "", "; if it lasts, ask AWS for a higher request rate")));
    }

    private static Optional<String> exhausted(Ec2Status ec2) {
        List<SubnetState> used = ec2.subnets().stream()
                .filter(subnet -> subnet.eligibility() == SubnetState.Eligibility.USED)
                .toList();
        boolean all = !used.isEmpty() && used.stream().allMatch(subnet -> subnet.backoffUntil() != null);
        String names = used.stream().map(subnet -> subnet.subnetId().value()).collect(Collectors.joining(", "));
        return all
                ? Optional.of("no free address in " + names + ": free some, or give the node another subnet")
                : Optional.empty();
    }
}
