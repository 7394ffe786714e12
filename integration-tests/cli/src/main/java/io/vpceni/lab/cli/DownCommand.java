package io.vpceni.lab.cli;

import io.vpceni.lab.control.ControlClient;
import io.vpceni.lab.machine.LabResources;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `./lab down`.
@Command(
        name = "down",
        mixinStandardHelpOptions = true,
        header = "End a lab that './lab up' started, with its pods and nodes.",
        optionListHeading = "%nOptions:%n")
final class DownCommand implements Callable<Integer> {
    @Option(
            names = "--name",
            paramLabel = "LAB",
            defaultValue = "lab",
            description = "of the lab (default: ${DEFAULT-VALUE})")
    private String name = "";

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        LabOptions.prepareMachine(out);
        var _ = ControlClient.of(LabResources.ROOT, name).ask("down", Map.of(), line -> {
            out.println("  " + line);
            out.flush();
        });
        out.println("down: nothing of lab '" + name + "' is left");
        return 0;
    }
}
