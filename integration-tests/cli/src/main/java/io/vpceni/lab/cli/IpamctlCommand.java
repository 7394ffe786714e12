package io.vpceni.lab.cli;

import io.vpceni.lab.node.IpamdInstallation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `./lab ipamctl`: the product's own `ipamctl`, on a node of a lab that is up; `plan` and `replay` need none.
@Command(
        name = "ipamctl",
        header = "Run ipamctl on a node of a lab that is up: ./lab ipamctl --node node-1 enis",
        optionListHeading = "%nOptions:%n",
        footerHeading = "%n",
        footer = {
            "What ipamctl itself takes, and each of its commands:",
            "  ./lab ipamctl -- --help",
            "  ./lab ipamctl explain --help"
        })
final class IpamctlCommand extends LabCommand {
    /// Subcommands that ask no ipamd.
    private static final Set<String> NEED_NO_NODE = Set.of("plan", "replay");

    private static final Set<String> HELP = Set.of("-h", "--help", "help");

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

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (needsNoNode()) {
            return Foreground.run(ipamctl());
        }
        return Foreground.run(node(node).path("namespace").asText(), ipamctl());
    }

    private boolean needsNoNode() {
        return arguments.stream().anyMatch(HELP::contains)
                || (!arguments.isEmpty() && NEED_NO_NODE.contains(arguments.getFirst()));
    }

    private List<String> ipamctl() throws IOException {
        IpamdInstallation installation = IpamdInstallation.built(LabOptions.home());
        List<String> command = new ArrayList<>(List.of(
                installation.javaHome().resolve("bin/java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                installation.dist().resolve("lib") + "/*",
                "io.vpceni.ipamctl.Ipamctl"));
        command.addAll(arguments);
        return command;
    }
}
