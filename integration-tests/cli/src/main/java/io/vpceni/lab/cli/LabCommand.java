package io.vpceni.lab.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.vpceni.lab.control.ControlClient;
import io.vpceni.lab.machine.LabResources;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// What the commands to a lab that is up have in common.
@Command(mixinStandardHelpOptions = true)
abstract class LabCommand implements Callable<Integer> {
    @Option(
            names = "--name",
            paramLabel = "LAB",
            defaultValue = "lab",
            description = "of the lab (default: ${DEFAULT-VALUE})")
    private String lab = "";

    @Spec
    private @Nullable CommandSpec spec;

    final JsonNode ask(String verb, Map<String, String> with) throws IOException {
        LabOptions.prepareMachine(out());
        return ControlClient.of(LabResources.ROOT, lab).ask(verb, with);
    }

    /// What the lab says of the node.
    final JsonNode node(String name) throws IOException {
        List<String> names = new ArrayList<>();
        for (JsonNode candidate : ask("list", Map.of()).path("nodes")) {
            names.add(candidate.path("name").asText());
            if (candidate.path("name").asText().equals(name)) {
                return candidate;
            }
        }
        throw new IOException("no node '" + name + "': there are " + String.join(", ", names));
    }

    final String lab() {
        return lab;
    }

    final PrintWriter out() {
        return spec().commandLine().getOut();
    }

    final ParameterException wrong(String message) {
        return new ParameterException(spec().commandLine(), message);
    }

    private CommandSpec spec() {
        return Objects.requireNonNull(spec);
    }
}
