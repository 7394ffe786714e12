package io.vpceni.lab.demo;

import io.vpceni.config.Count;
import io.vpceni.lab.ec2.CallLog.Call;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/// What EC2 was asked, over time: a lane for each caller and action; then the same as a table.
final class CallTimeline {
    private static final int TICKS_MAX = 10;
    private static final List<Integer> STEPS = List.of(1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600);

    private final List<Call> calls;
    private final Instant start;
    private final double seconds;
    private final int step;

    CallTimeline(DemoRecord record) {
        calls = record.calls();
        start = record.began();
        double last = calls.stream()
                .mapToDouble(call -> since(start, call.at().plus(call.took())))
                .max()
                .orElse(1);
        step = STEPS.stream().filter(one -> last / one <= TICKS_MAX).findFirst().orElse(7200);
        seconds = Math.max(1, Math.ceil(last / step)) * step;
    }

    private static double since(Instant start, Instant then) {
        return Duration.between(start, then).toNanos() / 1e9;
    }

    void write(Html html) {
        html.open("div", "class", "timeline");
        axis(html);
        for (Map.Entry<String, SequencedMap<String, List<Call>>> caller : lanes().entrySet()) {
            html.open("h3").text(caller.getKey() + " ");
            long count =
                    caller.getValue().values().stream().mapToLong(List::size).sum();
            html.element("small", Count.of(count, "call")).closeLine();
            caller.getValue().forEach((action, all) -> lane(html, action, all));
        }
        axis(html);
        html.closeLine();
        table(html);
    }

    private SequencedMap<String, SequencedMap<String, List<Call>>> lanes() {
        SequencedMap<String, SequencedMap<String, List<Call>>> lanes = new TreeMap<>(); // the administrator first
        for (Call call : calls) {
            lanes.computeIfAbsent(who(call), _ -> new LinkedHashMap<>())
                    .computeIfAbsent(call.action(), _ -> new ArrayList<>())
                    .add(call);
        }
        return lanes;
    }

    private static String who(Call call) {
        return call.callerName().isEmpty() ? call.caller() : call.callerName();
    }

    private void axis(Html html) {
        html.open("div", "class", "axis").element("span", "seconds", "class", "label");
        html.open("div", "class", "track");
        for (int tick = 0; tick <= seconds; tick += step) {
            html.element("i", Integer.toString(tick), "style", "left:" + percent(tick));
        }
        html.close().element("span", "", "class", "count").closeLine();
    }

    private void lane(Html html, String action, List<Call> all) {
        html.open("div", "class", "lane").element("span", action, "class", "label");
        html.open("div", "class", "track", "style", "--step:" + percent(step));
        for (Call call : all) {
            double at = since(start, call.at());
            String style =
                    "left:" + percent(at) + ";width:" + percent(call.took().toNanos() / 1e9);
            html.element(
                    "i", kind(call).equals("ok") ? "" : "✗", "class", kind(call), "style", style, "title", words(call));
        }
        html.close()
                .element("span", Integer.toString(all.size()), "class", "count")
                .closeLine();
    }

    private String words(Call call) {
        return String.format(
                Locale.ROOT,
                "%.2f s, %s: %s %s: %s, %.1f ms",
                since(start, call.at()),
                who(call),
                call.action(),
                call.about(),
                outcome(call),
                call.took().toNanos() / 1e6);
    }

    private static String outcome(Call call) {
        return call.answered() ? call.outcome() : call.outcome() + ", no answer";
    }

    private static String kind(Call call) {
        if (!call.answered()) {
            return "unanswered";
        }
        return call.isOk() ? "ok" : "refused";
    }

    private String percent(double second) {
        return String.format(Locale.ROOT, "%.2f%%", 100 * second / seconds);
    }

    private void table(Html html) {
        html.open("details").element("summary", "All " + Count.of(calls.size(), "call") + " as a table");
        html.open("div", "class", "scroll")
                .open("table", "class", "calls")
                .open("thead")
                .open("tr");
        for (String head : List.of("second", "who", "action", "about", "outcome", "ms")) {
            html.element("th", head, "scope", "col");
        }
        html.close().close().open("tbody");
        for (Call call : calls) {
            html.open("tr", "class", kind(call))
                    .element("td", String.format(Locale.ROOT, "%.2f", since(start, call.at())), "class", "number")
                    .element("td", who(call))
                    .element("td", call.action())
                    .open("td")
                    .element("code", call.about())
                    .close()
                    .element("td", outcome(call))
                    .element(
                            "td", String.format(Locale.ROOT, "%.1f", call.took().toNanos() / 1e6), "class", "number")
                    .closeLine();
        }
        html.close().close().close().closeLine();
    }
}
