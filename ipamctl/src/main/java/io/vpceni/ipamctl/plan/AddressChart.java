package io.vpceni.ipamctl.plan;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/// Held against used over time, one panel for each policy, as SVG.
final class AddressChart {

    private static final int WIDTH = 900;
    private static final int PANEL = 130;
    private static final int LEFT = 60;
    private static final int RIGHT = 20;
    private static final int TOP = 50;
    private static final int PLOT = 90;
    private static final int STEPS = 400;

    private AddressChart() {}

    static String svg(String trace, List<Replay.Outcome> outcomes) {
        int height = TOP + PANEL * outcomes.size() + 30;
        int most = outcomes.stream()
                .mapToInt(outcome -> outcome.ledger().mostHeld())
                .max()
                .orElse(1);
        StringBuilder svg = new StringBuilder();
        svg.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\"",
                WIDTH,
                height,
                WIDTH,
                height));
        svg.append(
                String.format(
                        Locale.ROOT,
                        " font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>\n"));
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"22\" font-size=\"15\">%s: addresses held (grey) and used by pods (blue)</text>\n",
                LEFT,
                escaped(trace)));
        int y = TOP;
        for (Replay.Outcome outcome : outcomes) {
            panel(svg, outcome, y, Math.max(1, most));
            y += PANEL;
        }
        svg.append(String.format(Locale.ROOT, "<text x=\"%d\" y=\"%d\">0</text>\n", LEFT, height - 12));
        double minutes = outcomes.isEmpty() ? 0 : outcomes.getFirst().seconds() / 60;
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%.0f min</text>\n</svg>\n",
                WIDTH - RIGHT,
                height - 12,
                minutes));
        return svg.toString();
    }

    private static void panel(StringBuilder svg, Replay.Outcome outcome, int top, int most) {
        PlanTotals ledger = outcome.ledger();
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"%d\">%s: %.1f idle on average, %d of %d ADDs waited</text>\n",
                LEFT,
                top,
                escaped(outcome.policy()),
                outcome.idle(),
                ledger.waited(),
                ledger.adds()));
        int base = top + 8 + PLOT;
        svg.append(String.format(
                Locale.ROOT,
                "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"#666666\"/>\n",
                LEFT,
                base,
                WIDTH - RIGHT,
                base));
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%d</text>\n",
                LEFT - 6,
                base - PLOT + 10,
                most));
        svg.append(
                String.format(Locale.ROOT, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">0</text>\n", LEFT - 6, base));
        area(svg, outcome, base, most, true, "#c8c8c8");
        area(svg, outcome, base, most, false, "#3b76b8");
    }

    /// Each step shows the most that was there in it.
    private static void area(StringBuilder svg, Replay.Outcome outcome, int base, int most, boolean held, String fill) {
        List<PlanTotals.Point> points = outcome.ledger().points();
        Instant zero = points.getFirst().at();
        svg.append(String.format(Locale.ROOT, "<path fill=\"%s\" d=\"M%d %d", fill, LEFT, base));
        int next = 0;
        int value = 0;
        for (int step = 0; step < STEPS; step++) {
            double until = outcome.seconds() * (step + 1) / STEPS;
            int shown = value;
            while (next < points.size() && seconds(zero, points.get(next).at()) < until) {
                value = held ? points.get(next).held() : points.get(next).used();
                shown = Math.max(shown, value);
                next++;
            }
            double y = base - (double) PLOT * shown / most;
            svg.append(String.format(Locale.ROOT, "L%.1f %.1fL%.1f %.1f", x(step), y, x(step + 1), y));
        }
        svg.append(String.format(Locale.ROOT, "L%d %dZ\"/>\n", WIDTH - RIGHT, base));
    }

    private static double x(int step) {
        return LEFT + (double) (WIDTH - LEFT - RIGHT) * step / STEPS;
    }

    private static double seconds(Instant from, Instant until) {
        return Duration.between(from, until).toMillis() / 1000.0;
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }
}
