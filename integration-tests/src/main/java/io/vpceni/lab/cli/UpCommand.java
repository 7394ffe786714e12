package io.vpceni.lab.cli;

import io.vpceni.lab.control.ControlClient;
import io.vpceni.lab.machine.LabBoundary;
import io.vpceni.lab.machine.LabResources;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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
    private static final Duration UP_MAX = Duration.ofMinutes(5); // LocalStack may have to be installed
    private static final long LOOK_EVERY_MILLIS = 50;

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
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        LabOptions.prepareMachine(out);
        if (LabResources.running(LabResources.ROOT).contains(name)) {
            throw new IOException("a lab named '" + name + "' runs already: './lab down' ends it");
        }
        Path log = Files.createTempFile("vpc-eni-lab-", ".log");
        try {
            Process holder = new ProcessBuilder(command())
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            follow(holder, log, out);
        } finally {
            Files.delete(log); // the holder's own hold on it lasts as long as it writes
        }
        StatusCommand.print(name, ControlClient.of(LabResources.ROOT, name).ask("list", Map.of()), out);
        out.println(
                "up: try './lab pod add', './lab pod list', './lab pod exec pod-1 -- ip addr', './lab ipamctl enis', './lab logs node-1'");
        return 0;
    }

    private void follow(Process holder, Path log, PrintWriter out) throws IOException, InterruptedException {
        int shown = 0;
        for (long look = 0; look < UP_MAX.toMillis() / LOOK_EVERY_MILLIS; look++) {
            boolean ended = holder.waitFor(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
            boolean up = ControlClient.answers(LabResources.ROOT, name);
            List<String> lines = Files.readAllLines(log);
            lines.subList(shown, lines.size()).forEach(out::println);
            out.flush();
            shown = lines.size();
            if (up) {
                return;
            }
            if (ended) {
                throw new IOException("the lab '" + name + "' did not come up");
            }
        }
        holder.destroy();
        throw new IOException("the lab '" + name + "' is not up after " + UP_MAX.toMinutes() + " minutes");
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
