package io.vpceni.ipamd.observe;

import io.vpceni.eni.Ec2Failure;
import io.vpceni.eni.aws.Ec2Circuit;
import io.vpceni.eni.budget.ActionBudget;
import io.vpceni.eni.lifecycle.EniPhase;
import io.vpceni.eni.lifecycle.EniStatus;
import io.vpceni.eni.lifecycle.PendingCall;
import io.vpceni.eni.site.SubnetState;
import io.vpceni.pool.Effect;
import io.vpceni.pool.PoolSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Why the node does not grow, in sentences. For people: `ipamctl cloud`, and the errors of ADDs.
public final class Ec2StatusText {
    private Ec2StatusText() {}

    /// The whole story.
    ///
    /// @return some lines, each ended
    static String of(PoolSnapshot pool, Ec2Status cloud) {
        List<String> lines = new ArrayList<>();
        lines.add(verdict(pool, cloud));
        hindrance(cloud)
                .filter(_ -> cloud.access().credentials().trouble().isEmpty()) // that has a line of its own
                .ifPresent(text -> lines.add("What hinders: " + text + "."));
        if (cloud.ending()) {
            lines.add("This node is being terminated: nothing is given back, EC2 does that by itself.");
        }
        if (cloud.circuit() != Ec2Circuit.CLOSED) {
            lines.add("Most calls failed a moment ago: EC2 is left alone for some seconds, then one call tries.");
        }
        lines.add(AccessText.credentials(cloud.access().credentials(), cloud.at()));
        AccessText.clock(cloud.access()).ifPresent(lines::add);
        AccessText.proxies(cloud.access()).ifPresent(lines::add);
        for (Ec2Status.Wanted wanted : cloud.wanted()) {
            lines.add("The pool waits since " + ago(wanted.since(), cloud.at()) + " for: "
                    + RequestText.of(wanted.request()) + ".");
        }
        for (PendingCall call : cloud.pending()) {
            lines.add("Pending for " + ago(call.since(), cloud.at()) + ": " + call.operation() + " (" + call.subject()
                    + requests(call.requests()) + ").");
        }
        for (Ec2Status.UnderWay call : cloud.calls()) {
            lines.add("Asked " + ago(call.since(), cloud.at()) + " ago, not answered: "
                    + call.what().action().apiName() + " of " + call.what().subject() + ".");
        }
        for (Ec2Status.Trouble trouble : cloud.troubles()) {
            boolean said = lines.stream().anyMatch(line -> line.contains(trouble.text()));
            lines.add("Refused " + times(trouble.times()) + ", last " + ago(trouble.at(), cloud.at()) + " ago ("
                    + trouble.kind() + "): " + (said ? trouble.action() : trouble.text()) + ".");
        }
        for (ActionBudget action : cloud.budget().actions()) {
            if (action.waiting() > 0 || action.perSecond() < action.perSecondMax()) {
                lines.add("Budget of " + action.action().apiName() + ": " + action.waiting() + " calls wait, "
                        + number(action.tokens()) + " could leave now, then " + number(action.perSecond())
                        + " a second (at most " + number(action.perSecondMax()) + "); " + action.throttled() + " of "
                        + action.made() + " were throttled.");
            }
        }
        for (SubnetState subnet : cloud.subnets()) {
            lines.add(subnet(subnet, cloud.at()));
        }
        for (EniStatus eni : cloud.enis()) {
            if (eni.phase() != EniPhase.READY || !eni.note().isEmpty()) {
                lines.add(eni.name() + " is " + word(eni.phase()) + " since " + ago(eni.since(), cloud.at())
                        + (eni.note().isEmpty() ? "" : ": " + eni.note()) + ".");
            }
        }
        if (cloud.openIntents() > 0) {
            lines.add(cloud.openIntents() + " works on ENIs were begun and did not end; they outlive a restart.");
        }
        return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    /// What hinders new addresses and ENIs most; empty when nothing is known to.
    public static Optional<String> hindrance(Ec2Status cloud) {
        return AccessText.missing(cloud.access().credentials())
                .or(() -> trouble(cloud, trouble -> trouble.kind() == Ec2Failure.Kind.NOT_AUTHENTICATED)
                        .map(trouble -> "EC2 does not accept this node's credentials: " + trouble.text()))
                .or(() -> trouble(cloud, trouble -> trouble.kind() == Ec2Failure.Kind.UNAUTHORIZED)
                        .map(trouble -> "the node's role may not do " + trouble.action() + ": " + trouble.text()))
                .or(() -> throttled(cloud))
                .or(() -> exhausted(cloud))
                .or(() -> trouble(cloud, trouble -> trouble.kind() == Ec2Failure.Kind.UNAVAILABLE)
                        .map(trouble -> "EC2 cannot be asked: " + trouble.text()));
    }

    /// Why blocks or an ENI that the pool asked for do not come; empty when it asked for none, or nothing is known.
    ///
    /// @param cloud may throw [IllegalStateException]: then nothing is known
    public static Optional<String> whyGrowthWaits(Supplier<Ec2Status> cloud) {
        try {
            Ec2Status now = cloud.get();
            boolean grows = now.wanted().stream()
                    .anyMatch(wanted -> wanted.request() instanceof Effect.AssignBlocks
                            || wanted.request() instanceof Effect.AddEni);
            return grows ? hindrance(now) : Optional.empty();
        } catch (IllegalStateException _) {
            return Optional.empty();
        }
    }

    private static Optional<Ec2Status.Trouble> trouble(Ec2Status cloud, Predicate<Ec2Status.Trouble> such) {
        return cloud.troubles().stream().filter(such).findFirst();
    }

    private static Optional<String> throttled(Ec2Status cloud) {
        List<ActionBudget> slow = cloud.budget().actions().stream()
                .filter(action -> action.waiting() > 0)
                .toList();
        boolean refused = trouble(cloud, trouble -> trouble.kind() == Ec2Failure.Kind.THROTTLED)
                .isPresent();
        if (slow.isEmpty() || !refused) {
            return Optional.empty();
        }
        return Optional.of(slow.stream()
                .map(action -> "EC2 throttles " + action.action().apiName() + " (" + action.waiting() + " calls wait, "
                        + number(action.perSecond()) + " a second may leave)")
                .collect(Collectors.joining("; ", "", "; if it lasts, ask AWS for a higher request rate")));
    }

    private static Optional<String> exhausted(Ec2Status cloud) {
        List<SubnetState> used = cloud.subnets().stream()
                .filter(subnet -> subnet.standing() == SubnetState.Standing.USED)
                .toList();
        boolean all = !used.isEmpty() && used.stream().allMatch(subnet -> subnet.restsUntil() != null);
        String names = used.stream().map(SubnetState::subnetId).collect(Collectors.joining(", "));
        return all
                ? Optional.of("no free address in " + names + ": free some, or give the node another subnet")
                : Optional.empty();
    }

    private static String verdict(PoolSnapshot pool, Ec2Status cloud) {
        PoolSnapshot.Target target = pool.target();
        if (target.more() == 0 && pool.waiting() == 0) {
            return "The node need not grow: " + target.because() + ".";
        }
        String wants = "The node wants " + target.more() + " more addresses; " + pool.waiting() + " ADDs wait. ";
        if (pool.pending() > 0) {
            return wants + pool.pending() + " are asked for and on their way.";
        }
        return wants
                + pool.lastFailure()
                        .map(failure -> "Nothing is on its way: " + failure.error() + detail(failure, cloud)
                                + ". It tries again at " + failure.retryAt() + ".")
                        .orElse(cloud.wanted().isEmpty() ? "Nothing is asked for: it is at its limits." : "");
    }

    /// What follows anyway is not said twice.
    private static String detail(PoolSnapshot.GrowthFailure failure, Ec2Status cloud) {
        String noCredentials = cloud.access().credentials().trouble();
        boolean follows = (!noCredentials.isEmpty() && failure.detail().contains(noCredentials))
                || cloud.troubles().stream().anyMatch(trouble -> trouble.text().equals(failure.detail()));
        return follows || failure.detail().isEmpty() ? "" : ", " + failure.detail();
    }

    private static String subnet(SubnetState subnet, Instant now) {
        StringBuilder text = new StringBuilder("Subnet ").append(subnet.subnetId());
        text.append(subnet.primary() ? " (the primary ENI's): " : ": ");
        text.append(word(subnet.standing()));
        subnet.addressesFree().ifPresent(free -> text.append(", ").append(free).append(" addresses free"));
        rests(text, ", rests for ", subnet.restsUntil(), now);
        rests(text, ", no prefixes for ", subnet.prefixesRestUntil(), now);
        return text.append('.').toString();
    }

    private static void rests(StringBuilder text, String what, @Nullable Instant until, Instant now) {
        if (until != null) {
            text.append(what).append(ago(now, until));
        }
    }

    private static String ago(Instant from, Instant to) {
        Duration age = Duration.between(from, to);
        return (age.isNegative() ? 0 : age.toSeconds()) + " s";
    }

    private static String requests(List<Long> requests) {
        if (requests.isEmpty()) {
            return "";
        }
        String numbers = requests.stream().map(String::valueOf).collect(Collectors.joining(", "));
        return (requests.size() == 1 ? "; request " : "; requests ") + numbers;
    }

    private static String times(long times) {
        return times == 1 ? "once" : times + " times";
    }

    private static String number(double value) {
        return String.valueOf(Math.round(value * 100) / 100.0);
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
