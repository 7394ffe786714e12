package io.vpceni.pool;

import io.vpceni.config.Count;
import io.vpceni.config.PoolMode;
import io.vpceni.config.PoolSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Why an ADD got no address, as a sentence for the pod's event: what is the case, then what happens next or what to
/// do.
final class Refusal {

    /// EC2's messages can be long, and an event has 1024 characters.
    private static final int DETAIL_CHARS_MAX = 400;

    private final PoolSettings settings;
    private final NodeLimits limits;
    private final AddressBook book;
    private final BlockIndex index;
    private final Growth growth;

    Refusal(PoolSettings settings, NodeLimits limits, AddressBook book, BlockIndex index, Growth growth) {
        this.settings = settings;
        this.limits = limits;
        this.book = book;
        this.index = index;
        this.growth = growth;
    }

    AssignResult.NoAddress because(Duration waited, Instant now) {
        String began = "no address was free within " + seconds(waited) + ": ";
        if (isCapped()) {
            return new AssignResult.NoAddress(began + "this node may hold " + settings.podsMax()
                    + " addresses (VPC_ENI_MAX_PODS) and holds " + addresses(now) + "; "
                    + remedy("raise VPC_ENI_MAX_PODS if the node is to run more pods"));
        }
        if (isFull()) {
            return new AssignResult.NoAddress(
                    began + "this node is full: " + addresses(now) + withoutPods() + "; " + remedy(moreRoom()));
        }
        if (settings.fixed()) {
            return new AssignResult.NoAddress(began + addresses(now) + withoutPods()
                    + ", and ipamd may not ask for more (ENABLE_IMDS_ONLY_MODE or DISABLE_NETWORK_RESOURCE_PROVISIONING); "
                    + remedy("attach an ENI or assign addresses to one"));
        }
        Optional<PoolSnapshot.GrowthFailure> failure = growth.lastFailure();
        if (failure.isPresent()) {
            return new AssignResult.NoAddress(began + addresses(now) + "; " + noMore(failure.get(), now));
        }
        if (growth.requests().addresses() > 0) {
            return new AssignResult.NoAddress(
                    began + addresses(now) + "; " + growth.requests().addresses() + " more are on their way from EC2",
                    true);
        }
        if (index.enis().isEmpty()) {
            return new AssignResult.NoAddress(began + "no ENI is ready yet", true);
        }
        return new AssignResult.NoAddress(began + addresses(now), true);
    }

    private boolean isCapped() {
        return settings.podsMax() > 0
                && settings.mode() != PoolMode.IPV6
                && book.totals().held() >= settings.podsMax();
    }

    private boolean isFull() {
        return growth.limits().attachedEnis() >= growth.limits().enisMax()
                && index.enis().stream()
                        .filter(eni -> !eni.isDetached())
                        .allMatch(eni -> eni.blocks().count() >= eni.slotsOfType() || !eni.takesPods());
    }

    /// How many there are, and what each of them does instead of serving this ADD.
    private String addresses(Instant now) {
        long enis = index.enis().stream()
                .filter(eni -> eni.takesPods() && !eni.isDetached())
                .count();
        if (enis == 0) {
            return "no ENI may give addresses to pods" + withoutNetwork();
        }
        Totals totals = book.totals();
        List<String> states = new ArrayList<>();
        add(states, totals.assigned() + totals.assignedDisputed(), "with pods");
        if (totals.cooling() > 0) {
            states.add(totals.cooling() + " cooling" + firstFree(now));
        }
        add(states, totals.quarantined() + totals.leaving(), "on the way back to EC2");
        add(states, totals.disputed(), "disputed (ipamctl explain pool)");
        return Count.of(totals.held(), "address", "addresses") + " on " + Count.of(enis, "ENI", "ENIs")
                + (states.isEmpty() ? "" : ": " + String.join(", ", states)) + withoutNetwork();
    }

    /// Pods without a network, whose addresses count as long as they live.
    private String withoutNetwork() {
        return index.enis().stream()
                .filter(eni -> eni.isDetached() && eni.assigned() > 0)
                .map(eni -> ", and " + Count.of(eni.assigned(), "pod is", "pods are") + " on " + eni.id()
                        + ", which was detached from this node: delete " + (eni.assigned() == 1 ? "it" : "them"))
                .collect(Collectors.joining());
    }

    private static void add(List<String> states, long count, String state) {
        if (count > 0) {
            states.add(count + " " + state);
        }
    }

    private String firstFree(Instant now) {
        if (book.cooling().isEmpty()) {
            return "";
        }
        Duration wait = Duration.between(now, book.cooling().first().freeSince());
        return " (the first is free again in " + seconds(wait) + ")";
    }

    /// Theirs come back when the subnet or a tag includes them again, or their link is back.
    private String withoutPods() {
        String enis = index.enis().stream()
                .filter(eni -> eni.role() == EniRole.EXCLUDED && !eni.isDetached())
                .map(eni -> eni.id().value())
                .collect(Collectors.joining(", "));
        return enis.isEmpty() ? "" : ", not counting " + enis + ", which may give none (ipamctl enis says why)";
    }

    /// What only more addresses help against, when pods have all that are here; else the others come free by
    /// themselves.
    private String remedy(String more) {
        Totals totals = book.totals();
        boolean allWithPods = totals.held() == totals.assigned() + totals.assignedDisputed();
        return allWithPods ? more : "try again; if it stays so, " + more;
    }

    private String moreRoom() {
        boolean boundBySetting = settings.maxEni() > 0 && settings.maxEni() < limits.enisMax();
        return boundBySetting
                ? "raise MAX_ENI (" + settings.maxEni() + ", the instance allows " + limits.enisMax() + ")"
                : "run fewer pods on this node (max-pods) or take an instance type with more addresses";
    }

    /// The detail says what to do, too: whoever asked EC2 knows best.
    private static String noMore(PoolSnapshot.GrowthFailure last, Instant now) {
        Duration wait = Duration.between(now, last.retryAt());
        return "EC2 gave no more, " + (wait.isPositive() ? "next try in " + seconds(wait) : "being tried again") + ": "
                + (last.detail().isEmpty() ? last.error().toString() : shortened(last.detail()));
    }

    /// Cut between two words.
    private static String shortened(String detail) {
        if (detail.length() <= DETAIL_CHARS_MAX) {
            return detail;
        }
        int end = detail.lastIndexOf(' ', DETAIL_CHARS_MAX);
        return detail.substring(0, end < 0 ? DETAIL_CHARS_MAX : end) + " ...";
    }

    /// Whole seconds, rounded up: "in 0 s" would be wrong.
    private static String seconds(Duration duration) {
        return Math.ceilDiv(duration.toMillis(), 1000) + " s";
    }
}
