package io.vpceni.lab.demo;

import io.vpceni.config.Count;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Objects;

/// A demo's record as one self-contained HTML page.
final class RecordPage {
    private static final DateTimeFormatter WHEN =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final DemoRecord record;

    RecordPage(DemoRecord record) {
        this.record = record;
    }

    String write() throws IOException {
        Html html = new Html();
        html.open("body");
        header(html);
        html.open("main");
        checks(html);
        if (!record.pods().isEmpty()) {
            section(html, "pairs", "Pods that heard one another");
            legend(
                    html,
                    "heard near",
                    "✓",
                    "heard, on one node",
                    "heard far",
                    "✓",
                    "heard, across nodes",
                    "lost",
                    "✗",
                    "not heard",
                    "untried",
                    "·",
                    "not tried");
            new PairMatrix(record).write(html);
            html.closeLine();
        }
        if (!record.nodes().isEmpty()) {
            section(html, "enis", "ENIs and their addresses");
            legend(html, "own", "", "the ENI's own address", "pod", "", "a pod's", "free", "", "warm, no pod has it");
            new EniMap(record).write(html);
            html.closeLine();
        }
        if (!record.calls().isEmpty()) {
            section(html, "ec2", "What EC2 was asked");
            legend(
                    html,
                    "ok",
                    "",
                    "answered, as wide as it took",
                    "refused",
                    "✗",
                    "refused",
                    "unanswered",
                    "✗",
                    "no answer came");
            new CallTimeline(record).write(html);
            html.closeLine();
        }
        html.closeLine().closeLine();
        return String.join(
                "\n",
                "<!DOCTYPE html>",
                "<html lang=\"en\">",
                "<head>",
                "<meta charset=\"utf-8\">",
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">",
                "<meta name=\"color-scheme\" content=\"light dark\">",
                "<title>vpc-eni-ipam demo: " + counts() + "</title>",
                "<style>",
                style() + "</style>",
                "</head>",
                html + "</html>",
                "");
    }

    private String counts() {
        return record.passed() + " passed, " + record.failed() + " failed";
    }

    private void header(Html html) {
        html.open("header").element("h1", "vpc-eni-ipam on a VPC of its own");
        html.element("p", counts(), "class", record.failed() == 0 ? "verdict passed" : "verdict failed");
        html.element(
                "p",
                String.format(
                        Locale.ROOT,
                        "%s · %s · %s · %.0f s",
                        record.title(),
                        Count.of(record.pods().size(), "pod"),
                        WHEN.format(record.began()),
                        record.took().toMillis() / 1e3),
                "class",
                "facts");
        html.closeLine();
    }

    private void checks(Html html) {
        section(html, "checks", "Checks");
        html.open("table", "class", "checks").open("thead").open("tr");
        html.element("th", "", "scope", "col").element("th", "promise", "scope", "col");
        html.element("th", "what was seen", "scope", "col").element("th", "ms", "scope", "col", "class", "number");
        html.close().close().open("tbody");
        for (Checks.Outcome check : record.checks()) {
            html.open("tr", "class", check.passed() ? "passed" : "failed")
                    .element("td", check.passed() ? "✓ passed" : "✗ failed", "class", "mark")
                    .element("td", check.name())
                    .element("td", check.detail(), "class", "seen")
                    .element("td", String.format(Locale.ROOT, "%,d", check.millis()), "class", "number")
                    .closeLine();
        }
        html.close().close().closeLine();
    }

    private static void section(Html html, String id, String heading) {
        html.open("section", "id", id).element("h2", heading);
    }

    /// @param entries class, sign and meaning of each in turns
    private static void legend(Html html, String... entries) {
        html.open("ul", "class", "legend");
        for (int i = 0; i < entries.length; i += 3) {
            html.open("li")
                    .element("i", entries[i + 1], "class", entries[i])
                    .text(entries[i + 2])
                    .close();
        }
        html.closeLine();
    }

    private static String style() throws IOException {
        try (InputStream css = Objects.requireNonNull(RecordPage.class.getResourceAsStream("record.css"))) {
            return new String(css.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
