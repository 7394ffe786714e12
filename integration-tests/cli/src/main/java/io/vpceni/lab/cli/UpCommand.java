package io.vpceni.lab.cli;

import io.vpceni.lab.control.ControlClient;
import io.vpceni.lab.machine.LabBoundary;
import io.vpceni.lab.machine.LabResources;
import io.vpceni.lab.site.SitePlan;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `./lab up`: a lab that stays until `./lab down`, for playing by hand.
@LabBoundary
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Put up a VPC with nodes and leave it running, for pods by hand.",
        description = {"", "'./lab pod add' adds pods, './lab ipamctl' looks inside, './lab down' ends it.", ""},
        optionListHeading = "Options:%n")
final class UpCommand implements Callable<Integer> {
    @Mixin
    private LabOptions options = new LabOptions();

    @Mixin
    private NodePolicyOption nodePolicy = new NodePolicyOption();

    @Option(
            names = "--name",
            paramLabel = "LAB",
            defaultValue = "lab",
            description = "of this lab (default: ${DEFAULT-VALUE})")
    private String name = "";

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        CommandLine commandLine = Objects.requireNonNull(spec).commandLine();
        PrintWriter out = commandLine.getOut();
        LabOptions.prepareMachine(out);
        LabResources.requireName(name);
        SitePlan _ = options.plan(name); // what is wrong with it is said before a process is started
        if (LabResources.running(LabResources.ROOT).contains(name)) {
            throw new IOException("a lab named '" + name + "' runs already: './lab down' ends it");
        }
        new LabProcess(name, out, commandLine.getErr())
                .start(command(), () -> ControlClient.answers(LabResources.ROOT, name));
        StatusCommand.print(name, ControlClient.of(LabResources.ROOT, name).ask("list", Map.of()), out);
        out.println(
                "up: try './lab pod add', './lab pod list', './lab pod exec pod-1 -- ip addr', './lab ipamctl enis', './lab logs node-1'");
        return 0;
    }

    /// This program again, in a session of its own, so that Ctrl-C here does not reach it.
    private List<String> command() throws IOException {
        List<String> words = new ArrayList<>(List.of(
                "setsid",
                Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> !argument.startsWith("-Dvpceni.home="))
                .forEach(words::add);
        words.addAll(List.of(
                "-Dvpceni.home=" + LabOptions.home(),
                "-cp",
                System.getProperty("java.class.path"),
                Lab.class.getName(),
                "hold",
                "--name",
                name,
                "--node-policy",
                nodePolicy.name()));
        options.again().forEach((option, value) -> words.add(option + "=" + value));
        return words;
    }
}
