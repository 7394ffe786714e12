package io.vpceni.lab.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.vpceni.lab.control.ControlClient;
import io.vpceni.lab.machine.Footprint;
import io.vpceni.lab.node.IpamdInstallation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `./lab ipamctl`: the product's own `ipamctl`, on a node of a lab that is up; `plan` and `replay` need none.
@Command(
        name = "ipamctl",
        mixinStandardHelpOptions = true,
        header = "Run ipamctl on a node of a lab that is up: ./lab ipamctl --node node-1 enis",
        optionListHeading = "%nOptions:%n")
final class IpamctlCommand implements Callable<Integer> {
    /// Subcommands that ask no ipamd.
    private static final Set<String> NEED_NO_NODE = Set.of("plan", "replay");

    @Option(
            names = "--name",
            paramLabel = "LAB",
            defaultValue = "lab",
            description = "of the lab (default: ${DEFAULT-VALUE})")
    private String lab = "";

    @Option(
            names = "--node",
            paramLabel = "NODE",
            defaultValue = "node-1",
            description = "on which node (default: ${DEFAULT-VALUE})")
    private String node = "";

    @Parameters(
            arity = "0..*",
            paramLabel = "ARGUMENT",
            description = "of ipamctl: status, pods, enis, plan, replay, -o json, ...")
    private List<String> arguments = new ArrayList<>();

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!arguments.isEmpty() && NEED_NO_NODE.contains(arguments.getFirst())) {
            return Foreground.run(ipamctl());
        }
        LabOptions.prepareMachine(Objects.requireNonNull(spec).commandLine().getOut());
        List<String> names = new ArrayList<>();
        for (JsonNode candidate :
                ControlClient.of(Footprint.ROOT, lab).ask("list", Map.of()).path("nodes")) {
            names.add(candidate.path("name").asText());
            if (candidate.path("name").asText().equals(node)) {
                return Foreground.run(candidate.path("namespace").asText(), ipamctl());
            }
        }
        throw new IOException("no node '" + node + "': there are " + String.join(", ", names));
    }

    private List<String> ipamctl() throws IOException {
        IpamdInstallation installation = IpamdInstallation.built(LabOptions.home());
        List<String> command = new ArrayList<>(List.of(
                installation.javaHome().resolve("bin/java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                installation.dist().resolve("lib") + "/*",
                "io.vpceni.ipamd.ctl.Ipamctl"));
        command.addAll(arguments);
        return command;
    }
}
