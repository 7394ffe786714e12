package io.vpceni.lab.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What the commands to one node have in common: the node, as the first argument or as `--node`.
abstract class NodeCommand extends LabCommand {
    @Parameters(index = "0", arity = "0..1", paramLabel = "NODE", description = "such as node-1; or --node NODE")
    private @Nullable String first;

    @Option(names = "--node", hidden = true)
    private @Nullable String option;

    final String nodeName() {
        if (first != null && option != null) {
            throw wrong("two nodes are named: " + first + " and --node " + option);
        }
        String name = Objects.requireNonNullElse(first, Objects.requireNonNullElse(option, ""));
        if (name.isEmpty()) {
            throw wrong("which node? './lab status' lists them");
        }
        return name;
    }
}
