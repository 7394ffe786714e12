package io.vpceni.lab.demo;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Who heard whom: a row for each pod that asked, a column for each that was asked.
final class PairMatrix {
    private final DemoRecord record;
    private final Map<String, DemoRecord.Pair> byNames = new HashMap<>();

    PairMatrix(DemoRecord record) {
        this.record = record;
        record.pairs().forEach(pair -> byNames.merge(pair.from() + " " + pair.to(), pair, PairMatrix::worse));
    }

    private static DemoRecord.Pair worse(DemoRecord.Pair one, DemoRecord.Pair other) {
        return one.isHeard() ? other : one;
    }

    void write(Html html) {
        List<DemoRecord.Pod> pods = record.pods().stream()
                .sorted(Comparator.comparing(DemoRecord.Pod::node)) // those of a node stand together
                .toList();
        html.open("div", "class", "scroll").open("table", "class", "matrix");
        html.element("caption", "Row asks column. A pod is heard when it is seen by its own address.");
        html.open("thead").open("tr").element("td", "", "class", "corner");
        for (DemoRecord.Pod pod : pods) {
            html.open("th", "scope", "col").element("span", pod.name()).close();
        }
        html.close().close().open("tbody");
        for (DemoRecord.Pod from : pods) {
            html.open("tr").element("th", from.name(), "scope", "row");
            for (DemoRecord.Pod to : pods) {
                cell(html, from, to);
            }
            html.closeLine();
        }
        html.close().close().closeLine();
    }

    private void cell(Html html, DemoRecord.Pod from, DemoRecord.Pod to) {
        DemoRecord.Pair pair = byNames.get(from.name() + " " + to.name());
        String who = from.name() + " to " + to.name() + " (" + to.address() + ")";
        String how = from.node().equals(to.node()) ? ", on one node" : ", across nodes";
        if (from.equals(to)) {
            html.element("td", "", "class", "self");
        } else if (pair == null) {
            html.element("td", "·", "class", "untried", "title", who + ": not tried");
        } else if (pair.isHeard()) {
            String kind = from.node().equals(to.node()) ? "heard near" : "heard far";
            html.element("td", "✓", "class", kind, "title", who + how + ": heard");
        } else {
            html.element("td", "✗", "class", "lost", "title", who + how + ": " + pair.trouble());
        }
    }
}
