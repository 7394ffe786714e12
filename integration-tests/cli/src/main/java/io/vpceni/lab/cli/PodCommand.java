package io.vpceni.lab.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.vpceni.lab.site.Site;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    /// What all of them share.
    abstract static class OfPods extends LabCommand {
        final void table(JsonNode pods) {
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("POD", "NODE", "ADDRESS", "ENI", "NETNS", "ADD ms"));
            for (JsonNode pod : pods) {
                rows.add(List.of(
                        pod.path("podNamespace").asText() + "/"
                                + pod.path("name").asText(),
                        pod.path("node").asText(),
                        pod.path("address").asText(),
                        pod.path("eni").asText(),
                        pod.path("namespace").asText(),
                        pod.path("addMillis").asText()));
            }
            TextTable.print(rows, out());
            out().flush();
        }

        /// The pod's name, which may be given as the list shows it: `demo/web-0`.
        static String named(String given) {
            String prefix = Site.POD_NAMESPACE + "/";
            return given.startsWith(prefix) ? given.substring(prefix.length()) : given;
        }
    }

    @Command(name = "add", header = "Add pods: sandboxes, wired by the plugin.")
    static final class Add extends OfPods {
        @Parameters(arity = "0..*", paramLabel = "POD", description = "their names; default: one, pod-1, ...")
        private List<String> given = new ArrayList<>();

        @Option(names = "--node", paramLabel = "NODE", defaultValue = "", description = "default: the emptiest")
        private String node = "";

        @Override
        public Integer call() throws IOException {
            List<String> names = given.isEmpty()
                    ? List.of("")
                    : given.stream().map(OfPods::named).toList();
            for (String name : names) {
                if (!given.isEmpty() && !PodNameRule.isOne(name)) {
                    throw wrong(PodNameRule.rule(name));
                }
            }
            sayWhatIsWaitedFor();
            ArrayNode added = JsonNodeFactory.instance.arrayNode();
            try {
                for (String name : names) {
                    added.addAll((ArrayNode)
                            ask("add", Map.of("name", name, "node", node)).path("pods"));
                }
            } finally { // also those before one that failed
                if (!added.isEmpty()) {
                    table(added);
                }
            }
            return 0;
        }

        /// Where no ipamd is ready, the runtime's ADDs fail until one is.
        private void sayWhatIsWaitedFor() throws IOException {
            List<String> unready = new ArrayList<>();
            for (JsonNode candidate : ask("list", Map.of()).path("nodes")) {
                boolean isMeant =
                        node.isEmpty() || node.equals(candidate.path("name").asText());
                if (isMeant && candidate.path("ready").asBoolean()) {
                    return;
                }
                if (isMeant && candidate.has("pid")) {
                    unready.add(candidate.path("name").asText());
                }
            }
            if (!unready.isEmpty()) {
                out().println("ipamd is not ready on " + String.join(", ", unready)
                        + ": the ADD is repeated until it is; './lab logs " + unready.getFirst() + "' shows why");
                out().flush();
            }
        }
    }

    @Command(name = "del", aliases = "delete", header = "Delete a pod.")
    static final class Delete extends OfPods {
        @Parameters(paramLabel = "POD", description = "its name")
        private String pod = "";

        @Override
        public Integer call() throws IOException {
            JsonNode _ = ask("delete", Map.of("name", named(pod)));
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
            String name = named(pod);
            List<String> names = new ArrayList<>();
            for (JsonNode candidate : ask("list", Map.of()).path("pods")) {
                names.add(candidate.path("name").asText());
                if (names.getLast().equals(name)) {
                    return Foreground.run(candidate.path("namespace").asText(), program);
                }
            }
            throw new IOException("no pod '" + name + "': there "
                    + (names.isEmpty() ? "is none" : "are " + String.join(", ", names)));
        }
    }
}
