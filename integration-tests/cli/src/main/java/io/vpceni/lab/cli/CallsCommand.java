package io.vpceni.lab.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.vpceni.lab.cli.ControlOptions.DurationWord;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `./lab ec2 calls`: the calls to a running emulation.
@Command(
        name = "calls",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Show what the embedded EC2 was asked: who, which action, the outcome, how long it took; then totals.")
final class CallsCommand implements Callable<Integer> {
    private static final String UNANSWERED = "no answer";

    @Mixin
    private ControlOptions which = new ControlOptions();

    @Option(
            names = "--since",
            paramLabel = "TIME",
            converter = DurationWord.class,
            description = "only calls of the last TIME, such as 30s or 5m")
    private @Nullable Duration since;

    @Option(names = "--totals", description = "only the totals by action")
    private boolean totals;

    @Option(names = "--clear", description = "forget all calls afterwards")
    private boolean clear;

    @Option(names = "-o", paramLabel = "FORMAT", description = "json: as the control API tells it")
    private String format = "";

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        ControlOptions.Target target = which.target();
        JsonNode answer = target.api().ask("GET", since == null ? "/calls" : "/calls?since=" + since);
        if (format.equals("json")) {
            out.println(answer.toPrettyString());
        } else {
            out.println("calls to " + target.name() + ":");
            if (!totals) {
                TextTable.print(calls(answer), out);
                out.println();
            }
            TextTable.print(totals(answer), out);
        }
        if (clear) {
            JsonNode _ = target.api().ask("DELETE", "/calls");
        }
        out.flush();
        return 0;
    }

    private static List<List<String>> calls(JsonNode answer) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("AT", "WHO", "ACTION", "ABOUT", "OUTCOME", "MS", "FAULTS"));
        for (JsonNode call : answer.path("calls")) {
            String name = call.path("callerName").asText();
            List<String> faults = new ArrayList<>();
            call.path("faults").forEach(fault -> faults.add(fault.asText()));
            String outcome = call.path("outcome").asText();
            rows.add(List.of(
                    Instant.parse(call.path("at").asText())
                            .truncatedTo(ChronoUnit.MILLIS)
                            .toString(),
                    name.isEmpty() ? call.path("caller").asText() : name,
                    call.path("action").asText(),
                    call.path("about").asText(),
                    call.path("answered").asBoolean() ? outcome : outcome + ", " + UNANSWERED,
                    millis(call.path("millis")),
                    String.join(" ", faults)));
        }
        return rows;
    }

    private static List<List<String>> totals(JsonNode answer) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("ACTION", "CALLS", "OK", "REFUSED", "THROTTLED", "UNANSWERED", "MEAN MS", "MAX MS"));
        long calls = 0;
        long throttled = 0;
        for (var total : answer.path("totals").properties()) {
            JsonNode of = total.getValue();
            calls += of.path("calls").asLong();
            throttled += of.path("throttled").asLong();
            rows.add(List.of(
                    total.getKey(),
                    of.path("calls").asText(),
                    of.path("ok").asText(),
                    of.path("refused").asText(),
                    of.path("throttled").asText(),
                    of.path("unanswered").asText(),
                    millis(of.path("meanMillis")),
                    millis(of.path("maxMillis"))));
        }
        rows.add(List.of("all", Long.toString(calls), "", "", Long.toString(throttled), "", "", ""));
        return rows;
    }

    private static String millis(JsonNode number) {
        return String.format(Locale.ROOT, "%.1f", number.asDouble());
    }
}
