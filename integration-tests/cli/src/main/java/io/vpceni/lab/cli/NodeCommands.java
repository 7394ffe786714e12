package io.vpceni.lab.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `./lab logs|kill|start|restart|exec NODE`.
final class NodeCommands {
    private NodeCommands() {}

    /// `./lab logs`.
    @Command(
            name = "logs",
            sortOptions = false,
            header = "Show what ipamd on a node says: ./lab logs node-1 -f",
            optionListHeading = "%nOptions:%n")
    static final class Logs extends NodeCommand {
        @Option(names = "-f", description = "go on showing what comes, until Ctrl-C")
        private boolean follow;

        @Option(
                names = "--lines",
                paramLabel = "N",
                defaultValue = "100",
                description = "the last N lines, 0 for all (default: ${DEFAULT-VALUE})")
        private int lines;

        @Override
        public Integer call() throws IOException, InterruptedException {
            String log = node(nodeName()).path("log").asText();
            List<String> tail = new ArrayList<>(List.of("tail", "-n", lines == 0 ? "+1" : Integer.toString(lines)));
            if (follow) {
                tail.add("-f");
            }
            tail.add(log);
            return Foreground.run(tail);
        }
    }

    /// `./lab kill`.
    @Command(
            name = "kill",
            header = "End ipamd on a node with SIGKILL, to see that its pods go on: ./lab kill node-1",
            optionListHeading = "%nOptions:%n")
    static final class Kill extends NodeCommand {
        @Override
        public Integer call() throws IOException {
            String node = nodeName();
            JsonNode _ = ask("kill", Map.of("node", node));
            out().println("ipamd on " + node + " is killed; its pods go on. './lab start " + node + "' starts it");
            out().flush();
            return 0;
        }
    }

    /// `./lab start`.
    @Command(name = "start", header = "Start ipamd on a node where it was killed.", optionListHeading = "%nOptions:%n")
    static final class Start extends NodeCommand {
        @Override
        public Integer call() throws IOException {
            return started(this, "start");
        }
    }

    /// `./lab restart`.
    @Command(
            name = "restart",
            header = "End ipamd on a node with SIGTERM, as the kubelet does, and start it anew.",
            optionListHeading = "%nOptions:%n")
    static final class Restart extends NodeCommand {
        @Override
        public Integer call() throws IOException {
            return started(this, "restart");
        }
    }

    private static int started(NodeCommand command, String verb) throws IOException {
        String node = command.nodeName();
        JsonNode answer = command.ask(verb, Map.of("node", node));
        command.out()
                .println("ipamd on " + node + " is ready after "
                        + answer.path("readyMillis").asText() + " ms");
        command.out().flush();
        return 0;
    }

    /// `./lab exec`.
    @Command(
            name = "exec",
            header = "Run a program in a node's network namespace: ./lab exec node-1 -- ip rule",
            optionListHeading = "%nOptions:%n")
    static final class Exec extends LabCommand {
        @Option(names = "--node", hidden = true)
        private @Nullable String node;

        @Parameters(
                arity = "1..*",
                paramLabel = "NODE -- PROGRAM",
                description = "the node, then behind -- the program and its arguments")
        private List<String> words = new ArrayList<>();

        @Override
        public Integer call() throws IOException, InterruptedException {
            List<String> program = node == null ? words.subList(1, words.size()) : words;
            if (program.isEmpty()) {
                throw wrong("which program? ./lab exec " + words.getFirst() + " -- ip addr");
            }
            String name = node == null ? words.getFirst() : node;
            return Foreground.run(node(name).path("namespace").asText(), program);
        }
    }
}
