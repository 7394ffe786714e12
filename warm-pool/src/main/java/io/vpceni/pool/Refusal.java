package io.vpceni.pool;

import io.vpceni.config.PoolMode;
import io.vpceni.config.PoolSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;

/// Why an ADD got no address, in words for the pod's event: what is the case, and what to do.
final class Refusal {

    /// EC2's messages can be long, and an event is not.
    private static final int DETAIL_CHARS_MAX = 200;

    private final PoolSettings settings;
    private final NodeLimits limits;
    private final AddressBook book;
    private final Growth growth;

    Refusal(PoolSettings settings, NodeLimits limits, AddressBook book, Growth growth) {
        this.settings = settings;
        this.limits = limits;
        this.book = book;
        this.growth = growth;
    }

    String because(Duration waited, Instant now) {
        return "no address was free within " + seconds(waited) + ": " + cause(now);
    }

    private String cause(Instant now) {
        if (isCapped()) {
            return "the node holds " + book.totals().held() + " of at most " + settings.podsMax() + " addresses"
                    + soonest(now) + "; raise VPC_ENI_MAX_PODS if the node is to run more pods";
        }
        if (isFull()) {
            return everyAddress() + soonest(now) + withoutPods() + "; " + moreRoom();
        }
        if (settings.fixed()) {
            return book.totals().held() + " addresses are here and none of them is free" + soonest(now)
                    + "; ipamd may not ask for more (ENABLE_IMDS_ONLY_MODE or DISABLE_NETWORK_RESOURCE_PROVISIONING):"
                    + " attach an ENI or assign addresses to one";
        }
        Optional<PoolSnapshot.Obstacle> obstacle = growth.lastObstacle();
        if (obstacle.isPresent()) {
            PoolSnapshot.Obstacle last = obstacle.get();
            Duration rest = Duration.between(now, last.retryAt());
            String next = rest.isPositive() ? "next try in " + seconds(rest) : "being tried again";
            return "EC2 gave no more (" + last.obstacle() + ": " + shortened(last.detail()) + "), " + next
                    + soonest(now) + "; " + remedy(last.obstacle());
        }
        if (growth.pending() > 0) {
            return growth.pending() + " addresses are on their way from EC2" + soonest(now) + "; try again";
        }
        if (book.shelves().isEmpty()) {
            return "no ENI is ready yet; try again, and see ipamd's log if it stays so";
        }
        return book.totals().held() + " addresses are here and none of them is free" + soonest(now) + "; try again";
    }

    private boolean isCapped() {
        return settings.podsMax() > 0
                && settings.mode() != PoolMode.IPV6
                && book.totals().held() >= settings.podsMax();
    }

    private boolean isFull() {
        return book.shelves().size() >= growth.enisMax()
                && book.shelves().stream()
                        .allMatch(shelf -> shelf.blocks.size() >= shelf.eni.slots() || !shelf.takesPods());
    }

    private String everyAddress() {
        long enis = book.shelves().stream().filter(EniShelf::takesPods).count();
        int each = limits.slotsPerEni();
        if (enis == 0) {
            return "no ENI may give addresses to pods";
        }
        return (enis == 1
                        ? "all " + each + " addresses of the only ENI"
                        : "all " + enis + " ENIs x " + each + " addresses")
                + " are assigned or cooling";
    }

    /// Theirs come back when the subnet or a tag includes them again, or their link is back.
    private String withoutPods() {
        String enis = book.shelves().stream()
                .filter(shelf -> shelf.role == EniRole.EXCLUDED)
                .map(shelf -> shelf.eni.id().value())
                .collect(Collectors.joining(", "));
        return enis.isEmpty() ? "" : "; not counting " + enis + ", which may give none: ipamctl enis says why";
    }

    private String soonest(Instant now) {
        if (book.cooling().isEmpty()) {
            return "";
        }
        Duration wait = Duration.between(now, book.cooling().first().freeSince);
        return "; " + book.cooling().size() + " cooling, the first is free again in " + seconds(wait);
    }

    private String moreRoom() {
        boolean boundBySetting = settings.maxEni() > 0 && settings.maxEni() < limits.enisMax();
        return boundBySetting
                ? "raise MAX_ENI (" + settings.maxEni() + ", the instance allows " + limits.enisMax() + ")"
                : "run fewer pods on this node (max-pods) or take an instance type with more addresses";
    }

    private static String remedy(GrowthObstacle obstacle) {
        return switch (obstacle) {
            case SUBNET_EXHAUSTED, NO_CONTIGUOUS_PREFIX ->
                "free addresses in the node's subnet, or use nodes in another subnet";
            case THROTTLED -> "try again; if it stays so, ask AWS for a higher request rate";
            case ENI_LIMIT -> "detach ENIs that do not belong to pods, or take an instance type with more ENIs";
            case ADDRESS_LIMIT -> "unassign addresses that do not belong to pods, or take a larger instance type";
            case UNAUTHORIZED -> "allow the EC2 action to the node's role (docs/iam.md)";
            case OUTCOME_UNKNOWN, OTHER -> "try again, and see ipamd's log if it stays so";
        };
    }

    private static String shortened(String detail) {
        return detail.length() <= DETAIL_CHARS_MAX ? detail : detail.substring(0, DETAIL_CHARS_MAX) + "...";
    }

    /// Whole seconds, rounded up: "in 0 s" would be a lie.
    private static String seconds(Duration duration) {
        return Math.ceilDiv(duration.toMillis(), 1000) + " s";
    }
}
