package io.vpceni.lab.fleet;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/// Prints what came of runs, as Markdown.
public final class FleetReport {

    private static final String HEAD = "| habit | nodes | other client | half warm | last warm | floor | ratio"
            + " | last pod | calls | per node | throttled | other throttled |";

    private final PrintWriter out;

    public FleetReport(PrintWriter out) {
        this.out = out;
    }

    /// The table's head.
    public void head() {
        out.println(HEAD);
        out.println(HEAD.replaceAll("[^|]+", " --- "));
        out.flush();
    }

    /// One row.
    public void row(FleetResult result) {
        FleetPlan plan = result.plan();
        out.println(String.join(
                " | ",
                "| " + plan.habit(),
                Integer.toString(plan.nodes()),
                percent(plan.otherShare()),
                seconds(result.halfWarmAfter()),
                result.warm() == plan.nodes() ? seconds(result.lastWarmAfter()) : "never: " + result.warm() + " are",
                seconds(result.floor()),
                String.format(Locale.ROOT, "%.2f", result.ratio()),
                seconds(result.lastPodAfter()),
                Long.toString(result.total().asked()),
                String.format(Locale.ROOT, "%.1f", (double) result.total().asked() / plan.nodes()),
                percent(result.throttledShare()),
                percent(result.otherThrottledShare()) + " |"));
        out.flush();
    }

    /// The calls of a run by name.
    public void calls(FleetResult result) {
        out.println();
        out.println("Calls of " + result.plan().habit() + " until the last node was warm:");
        out.println();
        out.println("| action | asked | throttled | served per node |");
        out.println("| --- | --- | --- | --- |");
        result.calls()
                .forEach((action, count) -> out.println("| " + action + " | " + count.asked() + " | "
                        + count.throttled() + " | "
                        + String.format(
                                Locale.ROOT,
                                "%.2f",
                                (double) count.served() / result.plan().nodes()) + " |"));
        out.flush();
    }

    private static String seconds(Duration length) {
        return String.format(Locale.ROOT, "%.0f s", length.toMillis() / 1e3);
    }

    private static String percent(double part) {
        return part == 0 ? "0 %" : String.format(Locale.ROOT, part < 0.01 ? "%.3f %%" : "%.1f %%", part * 100);
    }
}
