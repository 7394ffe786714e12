package io.vpceni.ipamctl.plan;

import io.vpceni.config.Count;
import io.vpceni.config.PolicyName;
import io.vpceni.config.PoolMode;
import io.vpceni.config.PoolSettings;
import io.vpceni.pool.NodeLimits;
import java.util.List;
import java.util.Locale;

/// A plan in words.
final class PlanText {

    private PlanText() {}

    static String explain(List<Plan.Row> rows, PoolSettings settings, NodeLimits limits) {
        StringBuilder words = new StringBuilder();
        line(words, "");
        line(
                words,
                "The node has room for " + Count.of(limits.enisMax(), "ENI") + " with "
                        + Count.of(limits.slotsPerEni(), "usable slot")
                        + " each (the primary address of an ENI is not for pods)"
                        + (settings.maxEni() > 0 ? ", MAX_ENI=" + settings.maxEni() : "")
                        + (settings.mode() == PoolMode.PREFIXES ? "; a prefix takes one slot and has 16 addresses" : "")
                        + ".");
        line(words, "Pods come one by one to an empty node; after each the pool gets what it asks EC2 for.");
        if (settings.policy() == PolicyName.AWS) {
            line(words, precedence(settings));
        }
        for (Plan.Row row : rows) {
            line(words, "");
            line(
                    words,
                    Count.of(row.pods(), "pod") + ": " + Count.of(row.total(), "address", "addresses") + " on "
                            + Count.of(row.enis(), "ENI") + ", " + row.unused()
                            + " unused.");
            line(words, "  " + row.because() + ".");
            if (row.withoutAddress() > 0) {
                line(
                        words,
                        "  All slots are taken: " + Count.of(row.withoutAddress(), "pod finds", "pods find")
                                + " no address.");
            }
            row.ours()
                    .ifPresent(ours -> line(
                            words,
                            "  Ours holds " + ours.total() + " instead: " + ours.because() + difference(settings)
                                    + "."));
        }
        return words.toString();
    }

    private static String precedence(PoolSettings settings) {
        if (settings.countsAddresses()) {
            return "WARM_IP_TARGET or MINIMUM_IP_TARGET is set: "
                    + (settings.mode() == PoolMode.PREFIXES ? "WARM_PREFIX_TARGET" : "WARM_ENI_TARGET")
                    + " is ignored, and single blocks are asked for.";
        }
        return settings.mode() == PoolMode.PREFIXES
                ? "No IP target is set: WARM_PREFIX_TARGET counts, and WARM_ENI_TARGET is ignored."
                : "No IP target is set: WARM_ENI_TARGET counts, and whole ENIs are filled.";
    }

    private static String difference(PoolSettings settings) {
        return settings.podsMax() > 0
                ? "; the AWS VPC CNI fills a whole chunk past max pods, ours stops at " + settings.podsMax()
                : "; see docs/differences-from-aws-vpc-cni.md";
    }

    private static void line(StringBuilder words, String text) {
        words.append(String.format(Locale.ROOT, "%s%n", text));
    }
}
