package io.vpceni.ipamd.observe;

import io.vpceni.config.Count;
import io.vpceni.pool.AddressState;
import io.vpceni.pool.PoolSnapshot;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// Why the node holds as many addresses as it does.
final class PoolExplanation {

    /// Further ones are only counted.
    private static final int DISPUTED_SHOWN_MAX = 20;

    private PoolExplanation() {}

    static List<String> of(PoolSnapshot pool, Ec2Status ec2) {
        List<String> lines = new ArrayList<>();
        Map<AddressState, Long> counts = new EnumMap<>(AddressState.class);
        pool.addresses().forEach(view -> counts.merge(view.state(), 1L, Long::sum));
        String states = counts.entrySet().stream()
                .map(count -> count.getValue() + " " + ExplanationText.name(count.getKey()))
                .collect(Collectors.joining(", "));
        lines.add("This node holds "
                + Count.of(pool.addresses().size(), "address", "addresses") + " on "
                + Count.of(pool.enis().size(), "ENI", "ENIs") + (states.isEmpty() ? "." : ": " + states + "."));
        PoolSnapshot.Target target = pool.target();
        lines.add("Policy " + target.policy() + ": " + target.reason() + ".");
        lines.add(targetText(target));
        if (pool.pending() > 0 || pool.pendingEnis() > 0) {
            lines.add("On their way: " + Count.of(pool.pending(), "address", "addresses") + ", "
                    + Count.of(pool.pendingEnis(), "ENI", "ENIs") + ".");
        }
        if (pool.waiting() > 0) {
            lines.add(
                    pool.waiting() == 1
                            ? "1 ADD waits for an address."
                            : pool.waiting() + " ADDs wait for an address.");
        }
        pool.lastFailure()
                .ifPresent(failure -> lines.add("It could not grow at " + ExplanationText.text(failure.at()) + ", "
                        + failure.error() + ": " + failure.detail() + ". It tries again at "
                        + ExplanationText.text(failure.retryAt()) + "."));
        for (PoolSnapshot.EniCounts eni : pool.enis()) {
            lines.add(eni(eni));
        }
        disputed(pool, ec2, lines);
        return lines;
    }

    private static String targetText(PoolSnapshot.Target target) {
        if (target.more() > 0) {
            return "It wants " + target.more() + " more, as far as the limits and EC2 let it.";
        }
        if (target.fewer() > 0) {
            return target.keepReason().isEmpty()
                    ? "It could do with " + target.fewer() + " fewer: idle blocks or ENIs go back to EC2 after their"
                            + " quarantine."
                    : "It could do with " + target.fewer() + " fewer, but they stay: " + target.keepReason() + ".";
        }
        return "It wants neither more nor fewer.";
    }

    static String eni(PoolSnapshot.EniCounts counts) {
        return counts.eni().id() + " (card " + counts.eni().slot().networkCard() + ", device "
                + counts.eni().slot().deviceIndex() + (counts.eni().primary() ? ", primary" : "") + ", "
                + counts.eni().role().name().toLowerCase(Locale.ROOT) + "): "
                + Count.of(counts.total(), "address", "addresses") + " in "
                + counts.blocks() + " of " + counts.eni().slots() + " slots; " + counts.assigned() + " assigned, "
                + counts.cooling() + " cooling, " + counts.free() + " free, " + counts.unavailable()
                + " on their way out or disputed.";
    }

    /// Why an ENI that is attached, or was, gives no address to pods; "" when it does.
    static String note(PoolSnapshot.EniCounts counts) {
        if (counts.detached()) {
            String pods = switch (counts.withoutNetwork()) {
                case 0 -> "";
                case 1 -> "; 1 pod has an address of it, and no network: delete it";
                default -> "; " + counts.withoutNetwork() + " pods have addresses of it, and no network: delete them";
            };
            return "EC2 has detached it from this node" + pods;
        }
        return switch (counts.eni().role()) {
            case PODS -> "";
            case EXCLUDED -> "no new pods: its subnet, a tag, a setting or its link";
            case TRUNK -> "a trunk: no pods";
            case EFA -> "for EFA only: no pods";
            case UNMANAGED -> "unmanaged: tag node.k8s.amazonaws.com/no_manage, or MANAGE_UNTAGGED_ENI";
        };
    }

    private static void disputed(PoolSnapshot pool, Ec2Status ec2, List<String> lines) {
        List<PoolSnapshot.AddressView> disputed = pool.addresses().stream()
                .filter(view -> view.state() == AddressState.DISPUTED)
                .toList();
        disputed.stream()
                .limit(DISPUTED_SHOWN_MAX)
                .forEach(view -> lines.addAll(AddressExplanation.of(pool, ec2, view)));
        if (disputed.size() > DISPUTED_SHOWN_MAX) {
            lines.add((disputed.size() - DISPUTED_SHOWN_MAX) + " more are disputed: ipamctl explain ADDRESS.");
        }
    }
}
