package io.vpceni.ipamd.observe;

import io.vpceni.config.Count;
import io.vpceni.eni.aws.Ec2Circuit;
import io.vpceni.eni.budget.ActionBudget;
import io.vpceni.eni.lifecycle.EniPhase;
import io.vpceni.eni.lifecycle.EniStatus;
import io.vpceni.eni.lifecycle.PendingCall;
import io.vpceni.eni.site.SubnetState;
import io.vpceni.pool.PoolSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The text of `ipamctl ec2`: why the node does not grow, with its requests, calls, budgets and subnets.
final class Ec2StatusText {
    private final PoolSnapshot pool;
    private final Ec2Status ec2;
    private final List<String> lines = new ArrayList<>();

    private Ec2StatusText(PoolSnapshot pool, Ec2Status ec2) {
        this.pool = pool;
        this.ec2 = ec2;
    }

    /// All lines, the most important first.
    ///
    /// @return some lines, each with a line feed
    static String of(PoolSnapshot pool, Ec2Status ec2) {
        return new Ec2StatusText(pool, ec2).text();
    }

    private String text() {
        growth();
        access();
        requests();
        refusals();
        budgets();
        ec2.subnets().forEach(this::subnet);
        ec2.enis().forEach(this::eni);
        if (ec2.openIntents() > 0) {
            lines.add(Count.of(ec2.openIntents(), "ENI operation is", "ENI operations are")
                    + " not finished; a restart continues them.");
        }
        return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    }

    private void growth() {
        lines.add(verdict());
        GrowthBlocker.of(pool, ec2)
                .filter(_ -> ec2.access().credentials().failure().isEmpty()) // access() has a line for that
                .ifPresent(text -> lines.add("Growth is blocked: " + text + "."));
        if (ec2.ending()) {
            lines.add("This node is being terminated: ipamd returns nothing, EC2 deletes its ENIs with the instance.");
        }
        if (ec2.circuit() != Ec2Circuit.CLOSED) {
            lines.add("Most recent calls failed: ipamd calls EC2 again in some seconds, with one call first.");
        }
    }

    private String verdict() {
        PoolSnapshot.Target target = pool.target();
        if (target.more() == 0 && pool.waiting() == 0) {
            return pool.pending() == 0
                    ? "The node does not need to grow: " + target.reason() + "."
                    : requested() + "; the node needs no more than that: " + target.reason() + ".";
        }
        String wants = "The node wants " + Count.of(target.more(), "more address", "more addresses") + "; "
                + Count.of(pool.waiting(), "ADD waits", "ADDs wait") + ". ";
        if (pool.pending() > 0) {
            return wants + requested() + ".";
        }
        return wants
                + pool.lastFailure()
                        .map(failure -> "The last request failed: " + failure.error() + detail(failure)
                                + ". ipamd tries again at " + failure.retryAt() + ".")
                        .orElse(ec2.wanted().isEmpty() ? "Nothing is requested: the node is at its limits." : "");
    }

    private String requested() {
        return Count.of(pool.pending(), "address is", "addresses are") + " requested from EC2";
    }

    /// The failure's text, unless a later line repeats it.
    private String detail(PoolSnapshot.GrowthFailure failure) {
        String noCredentials = ec2.access().credentials().failure();
        boolean follows = (!noCredentials.isEmpty() && failure.detail().contains(noCredentials))
                || ec2.refusals().stream().anyMatch(refusal -> refusal.text().equals(failure.detail()));
        return follows || failure.detail().isEmpty() ? "" : ", " + failure.detail();
    }

    private void access() {
        lines.add(AccessText.credentials(ec2.access().credentials(), ec2.at()));
        AccessText.clock(ec2.access()).ifPresent(lines::add);
        AccessText.proxies(ec2.access()).ifPresent(lines::add);
    }

    private void requests() {
        for (Ec2Status.Wanted wanted : ec2.wanted()) {
            lines.add("Requested by the pool for " + ago(wanted.since()) + ": " + RequestText.of(wanted.request())
                    + " (request " + wanted.request().request() + ").");
        }
        for (PendingCall call : ec2.pending()) {
            lines.add("Pending for " + ago(call.since()) + ": " + call.operation() + " (" + call.subject()
                    + requests(call.requests()) + ").");
        }
        for (Ec2Status.InFlightCall call : ec2.calls()) {
            lines.add("In flight for " + ago(call.since()) + ": "
                    + call.what().action().apiName() + " of " + call.what().subject() + ".");
        }
    }

    private void refusals() {
        for (Ec2Status.LastRefusal refusal : ec2.refusals()) {
            boolean said = lines.stream().anyMatch(line -> line.contains(refusal.text()));
            lines.add("Refused " + times(refusal.times()) + ", last " + ago(refusal.at()) + " ago (" + refusal.kind()
                    + "): " + (said ? refusal.action() : refusal.text()) + ".");
        }
    }

    private void budgets() {
        for (ActionBudget action : ec2.budget().actions()) {
            if (action.waiting() > 0 || action.perSecond() < action.perSecondMax()) {
                lines.add("Budget of " + action.action().apiName() + ": " + queued(action) + "; the bucket holds "
                        + number(action.tokens()) + " requests; then " + number(action.perSecond())
                        + " a second can be sent (at most " + number(action.perSecondMax()) + "); "
                        + action.throttled() + " of " + Count.of(action.made(), "call", "calls")
                        + (action.throttled() == 1 ? " was" : " were") + " throttled.");
            }
        }
    }

    private String queued(ActionBudget action) {
        if (action.waiting() == 0) {
            return "no call is queued";
        }
        Instant next = action.nextAt();
        String wait = next != null && next.isAfter(ec2.at())
                ? (action.waiting() == 1 ? " and waits " : ", the first waits ") + seconds(ec2.at(), next) + ", until "
                        + next.truncatedTo(ChronoUnit.SECONDS)
                : "";
        return Count.of(action.waiting(), "call is", "calls are") + " queued" + wait;
    }

    private void subnet(SubnetState subnet) {
        StringBuilder text = new StringBuilder("Subnet ").append(subnet.subnetId());
        text.append(subnet.primary() ? " (the primary ENI's): " : ": ");
        text.append(word(subnet.eligibility()));
        subnet.addressesFree()
                .ifPresent(free -> text.append(", ")
                        .append(Count.of(free, "address", "addresses"))
                        .append(" free"));
        backoff(text, ", not tried for ", subnet.backoffUntil());
        backoff(text, ", no prefixes for ", subnet.prefixBackoffUntil());
        lines.add(text.append('.').toString());
    }

    private void backoff(StringBuilder text, String what, @Nullable Instant until) {
        if (until != null) {
            text.append(what).append(seconds(ec2.at(), until));
        }
    }

    private void eni(EniStatus eni) {
        if (eni.phase() != EniPhase.READY || !eni.note().isEmpty()) {
            lines.add(eni.eni().text() + " is " + word(eni.phase()) + " for " + ago(eni.since())
                    + (eni.note().isEmpty() ? "" : ": " + eni.note()) + ".");
        }
    }

    private String ago(Instant from) {
        return seconds(from, ec2.at());
    }

    private static String seconds(Instant from, Instant to) {
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

    static String number(double value) {
        return String.valueOf(Math.round(value * 100) / 100.0);
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
