package io.vpceni.lab.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `./lab pod add|del|exec|list`.
@Command(
        name = "pod",
        mixinStandardHelpOptions = true,
        header = "Add, delete, list pods of a lab that is up, or run a program in one.",
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        subcommands = {
            PodCommand.Add.class,
            PodCommand.Delete.class,
            PodCommand.Exec.class,
            PodCommand.ListPods.class,
            CommandLine.HelpCommand.class
        })
final class PodCommand {
    private static final String ROW = "%-14s %-8s %-16s %-22s %-20s %8s%n";

    /// What all of them share.
    abstract static class OfPods extends LabCommand {
        final void table(JsonNode pods) {
            out().printf(Locale.ROOT, ROW, "POD", "NODE", "ADDRESS", "ENI", "NAMESPACE", "ADD ms");
            for (JsonNode pod : pods) {
                out().printf(
                                Locale.ROOT,
                                ROW,
                                pod.path("name").asText(),
                                pod.path("node").asText(),
                                pod.path("address").asText(),
                                pod.path("eni").asText(),
                                pod.path("namespace").asText(),
                                pod.path("addMillis").asText());
            }
            out().flush();
        }
    }

    @Command(name = "add", header = "Add a pod: a sandbox, wired by the plugin.")
    static final class Add extends OfPods {
        @Parameters(arity = "0..1", paramLabel = "POD", description = "its name; default: pod-1, ...")
        private @Nullable String given;

        @Option(names = "--node", paramLabel = "NODE", defaultValue = "", description = "default: the emptiest")
        private String node = "";

        @Override
        public Integer call() throws IOException {
            String pod = Objects.requireNonNullElse(given, "");
            if (given != null && !PodNameRule.isOne(pod)) {
                throw wrong(PodNameRule.rule(pod));
            }
            table(ask("add", Map.of("name", pod, "node", node)).path("pods"));
            return 0;
        }
    }

    @Command(name = "del", aliases = "delete", header = "Delete a pod.")
    static final class Delete extends OfPods {
        @Parameters(paramLabel = "POD", description = "its name")
        private String pod = "";

        @Override
        public Integer call() throws IOException {
            JsonNode _ = ask("delete", Map.of("name", pod));
            return 0;
        }
    }

    @Command(name = "list", aliases = "ls", header = "List the pods.")
    static final class ListPods extends OfPods {
        @Override
        public Integer call() throws IOException {
            table(ask("list", Map.of()).path("pods"));
            return 0;
        }
    }

    @Command(name = "exec", header = "Run a program in a pod's network namespace: ./lab pod exec pod-1 -- ip addr")
    static final class Exec extends OfPods {
        @Parameters(index = "0", paramLabel = "POD", description = "its name")
        private String pod = "";

        @Parameters(
                index = "1..*",
                arity = "1..*",
                paramLabel = "PROGRAM",
                description = "and its arguments, behind --")
        private List<String> program = new ArrayList<>();

        @Override
        public Integer call() throws IOException, InterruptedException {
            for (JsonNode candidate : ask("list", Map.of()).path("pods")) {
                if (candidate.path("name").asText().equals(pod)) {
                    return Foreground.run(candidate.path("namespace").asText(), program);
                }
            }
            throw new IOException("no pod '" + pod + "': './lab pod list' shows those that there are");
        }
    }
}
