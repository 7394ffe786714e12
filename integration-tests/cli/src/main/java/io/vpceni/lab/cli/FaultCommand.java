package io.vpceni.lab.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vpceni.lab.cli.ControlOptions.DurationWord;
import io.vpceni.lab.cli.ControlOptions.Target;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `./lab ec2 fault`: makes a running emulation fail.
@Command(
        name = "fault",
        mixinStandardHelpOptions = true,
        header = "Make the embedded EC2 and its metadata services misbehave, and well again.",
        subcommands = {
            FaultCommand.ListFaultsCommand.class,
            FaultCommand.AddCommand.class,
            FaultCommand.ClearCommand.class,
            FaultCommand.PresetCommand.class
        },
        commandListHeading = "Commands:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./lab ec2 fault add refuse --code InsufficientCidrBlocks --action AssignPrivateIpAddresses --times 3",
            "  ./lab ec2 fault add lose-answer --action CreateNetworkInterface --caller node-1 --chance 0.2",
            "  ./lab ec2 fault add slow --time 200ms --to 2s --caller nodes --for 1m",
            "  ./lab ec2 fault add imds-down --caller node-2 --for 60s",
            "  ./lab ec2 fault preset storm",
            "  ./lab ec2 fault clear"
        })
final class FaultCommand implements Callable<Integer> {
    @Mixin
    private ControlOptions which = new ControlOptions();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        return list(which.target(), spec);
    }

    /// The options that select it may stand before the subcommand and behind it.
    private static Target targetOf(@Nullable FaultCommand command) throws IOException {
        return Objects.requireNonNull(command).which.target();
    }

    private static int list(Target target, @Nullable CommandSpec spec) throws IOException {
        JsonNode faults = target.api().ask("GET", "/faults");
        if (!faults.path("rules").isEmpty()) {
            out(spec).println("faults of " + target.name() + ":");
        }
        show(target, faults, out(spec));
        return 0;
    }

    private static PrintWriter out(@Nullable CommandSpec spec) {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }

    private static void show(Target target, JsonNode faults, PrintWriter out) {
        String happened = happened(faults);
        if (faults.path("rules").isEmpty()) {
            out.println("no faults at " + target.name() + " now" + (happened.isEmpty() ? "" : "; so far: " + happened));
        } else {
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("NAME", "FAULT", "ACTION", "CALLER", "CHANCE", "LEFT", "HAPPENED"));
            for (JsonNode rule : faults.path("rules")) {
                rows.add(List.of(
                        rule.path("name").asText(),
                        rule.path("fault").asText() + details(rule),
                        rule.path("action").asText(),
                        rule.path("caller").asText(),
                        rule.path("chance").asText(),
                        rule.has("left") ? rule.path("left").asText() : "",
                        rule.path("happened").asText()));
            }
            TextTable.print(rows, out);
            if (!happened.isEmpty()) {
                out.println("happened so far: " + happened);
            }
        }
        out.flush();
    }

    /// How often each kind of fault has happened, as in `refuse 3, slow 1`.
    private static String happened(JsonNode faults) {
        TreeMap<String, String> happened = new TreeMap<>();
        faults.path("happened")
                .properties()
                .forEach(kind -> happened.put(kind.getKey(), kind.getValue().asText()));
        return happened.toString().replaceAll("[{}]", "").replace('=', ' ');
    }

    private static String details(JsonNode rule) {
        StringBuilder text = new StringBuilder();
        for (String field : List.of("code", "percent", "share", "status")) {
            if (rule.has(field)) {
                text.append(' ').append(rule.path(field).asText());
            }
        }
        if (rule.has("millis")) {
            text.append(' ').append(rule.path("millis").asText()).append(" ms");
        }
        if (rule.has("minMillis")) {
            text.append(' ')
                    .append(rule.path("minMillis").asText())
                    .append('-')
                    .append(rule.path("maxMillis").asText())
                    .append(" ms");
        }
        return text.toString();
    }

    @Command(name = "list", mixinStandardHelpOptions = true, header = "Show the faults that are switched on.")
    static final class ListFaultsCommand implements Callable<Integer> {
        @ParentCommand
        private @Nullable FaultCommand parent;

        @Option(names = "-o", paramLabel = "FORMAT", description = "json: as the control API tells it")
        private String format = "";

        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public Integer call() throws IOException {
            if (format.equals("json")) {
                out(spec).println(targetOf(parent).api().ask("GET", "/faults").toPrettyString());
                return 0;
            }
            return list(targetOf(parent), spec);
        }
    }

    @Command(
            name = "add",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            header = "Switch a fault on; those that are on stay on.")
    static final class AddCommand implements Callable<Integer> {
        @Parameters(
                index = "0",
                paramLabel = "FAULT",
                description = "one of: ${COMPLETION-CANDIDATES}",
                completionCandidates = Kinds.class)
        private String fault = "";

        @ParentCommand
        private @Nullable FaultCommand parent;

        @Option(names = "--rule", paramLabel = "NAME", description = "its name; one of the same name goes")
        private @Nullable String name;

        @Option(names = "--action", paramLabel = "ACTION", description = "only this action; Describe* is possible")
        private @Nullable String action;

        @Option(
                names = "--caller",
                paramLabel = "WHO",
                description = "only node-1, i-..., nodes (all of them) or administrator")
        private @Nullable String caller;

        @Option(names = "--chance", paramLabel = "P", description = "of each call, above 0 and up to 1 (default: 1)")
        private @Nullable Double chance;

        @Option(names = "--times", paramLabel = "N", description = "the next N calls, then it is over")
        private @Nullable Integer times;

        @Option(names = "--for", paramLabel = "TIME", converter = DurationWord.class, description = "then it is over")
        private @Nullable Duration lasts;

        @Option(names = "--code", paramLabel = "CODE", description = "of EC2's, for refuse")
        private @Nullable String code;

        @Option(
                names = "--time",
                paramLabel = "TIME",
                converter = DurationWord.class,
                description = "how long, for slow, lag, the delays, imds-timeout and imds-lag; as 250ms, 2s, 5m")
        private @Nullable Duration time;

        @Option(
                names = "--to",
                paramLabel = "TIME",
                converter = DurationWord.class,
                description = "with --time: between the two, for slow and the delays")
        private @Nullable Duration to;

        @Option(names = "--percent", paramLabel = "N", description = "that is given, for partial")
        private @Nullable Integer percent;

        @Option(names = "--share", paramLabel = "X", description = "0 to 1 of each bucket, for other-client")
        private @Nullable Double share;

        @Option(names = "--status", paramLabel = "N", description = "of HTTP, for imds-status")
        private @Nullable Integer status;

        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public Integer call() throws IOException {
            FaultOptions.refuse(Objects.requireNonNull(spec).commandLine(), fault, given());
            Target target = targetOf(parent);
            JsonNode answer = target.api().ask("POST", "/faults", rule().toString());
            warn(answer);
            out(spec).println("added " + answer.path("name").asText() + " to " + target.name());
            show(target, target.api().ask("GET", "/faults"), out(spec));
            return 0;
        }

        private void warn(JsonNode answer) {
            for (JsonNode warning : answer.path("warnings")) {
                PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
                err.println("lab ec2 fault add: " + warning.asText());
                err.flush();
            }
        }

        /// The options of single kinds; the other options exist for every kind.
        private SortedSet<String> given() {
            return Stream.of(
                            new Given("--code", code),
                            new Given("--time", time),
                            new Given("--to", to),
                            new Given("--percent", percent),
                            new Given("--share", share),
                            new Given("--status", status))
                    .filter(option -> option.value() != null)
                    .map(Given::name)
                    .collect(Collectors.toCollection(TreeSet::new));
        }

        private record Given(String name, @Nullable Object value) {}

        private ObjectNode rule() {
            ObjectNode rule = new ObjectMapper().createObjectNode().put("fault", fault);
            put(rule, "name", name);
            put(rule, "action", action);
            put(rule, "caller", caller);
            put(rule, "code", code);
            put(rule, "chance", chance);
            put(rule, "times", times);
            put(rule, "percent", percent);
            put(rule, "share", share);
            put(rule, "status", status);
            put(rule, "lastsMillis", lasts);
            put(rule, to == null ? "millis" : "minMillis", time);
            put(rule, "maxMillis", to);
            return rule;
        }

        private static void put(ObjectNode rule, String field, @Nullable Object value) {
            switch (value) {
                case null -> {}
                case Duration duration -> rule.put(field, duration.toMillis());
                case Integer number -> rule.put(field, number);
                case Double number -> rule.put(field, number);
                default -> rule.put(field, value.toString());
            }
        }
    }

    @Command(name = "clear", mixinStandardHelpOptions = true, header = "Switch faults off: those named, or all.")
    static final class ClearCommand implements Callable<Integer> {
        @ParentCommand
        private @Nullable FaultCommand parent;

        @Parameters(arity = "0..*", paramLabel = "NAME", description = "as list shows them")
        private List<String> names = new ArrayList<>();

        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public Integer call() throws IOException {
            Target target = targetOf(parent);
            if (names.isEmpty()) {
                JsonNode _ = target.api().ask("DELETE", "/faults");
            }
            for (String name : names) {
                JsonNode _ = target.api().ask("DELETE", "/faults/" + name);
            }
            return list(target, spec);
        }
    }

    @Command(
            name = "preset",
            mixinStandardHelpOptions = true,
            header = "Use a preset: storm (everything at once, for nodes only) or none.")
    static final class PresetCommand implements Callable<Integer> {
        @Parameters(index = "0", paramLabel = "PRESET", description = "storm or none")
        private String preset = "";

        @ParentCommand
        private @Nullable FaultCommand parent;

        @Option(names = "--seed", paramLabel = "N", description = "of all that chance decides from now on")
        private @Nullable Long seed;

        @Spec
        private @Nullable CommandSpec spec;

        @Override
        public Integer call() throws IOException {
            Target target = targetOf(parent);
            ObjectNode wanted = new ObjectMapper().createObjectNode().put("preset", preset);
            if (seed != null) {
                wanted.put("seed", seed);
            }
            JsonNode _ = target.api().ask("PUT", "/faults", wanted.toString());
            return list(target, spec);
        }
    }

    /// The kinds of faults, for the help.
    static final class Kinds extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        Kinds() {
            super(FaultOptions.lines());
        }
    }
}
