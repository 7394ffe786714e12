package io.vpceni.lab.cli;

import io.vpceni.lab.backend.Region;
import io.vpceni.lab.ec2.Ec2Settings;
import io.vpceni.lab.ec2.fault.FaultRule;
import io.vpceni.lab.ec2.fault.Presets;
import io.vpceni.lab.ec2.model.InstanceType;
import io.vpceni.lab.ec2.model.InstanceTypeCatalog;
import io.vpceni.lab.localstack.LocalStackBackend;
import io.vpceni.lab.machine.LabBoundary;
import io.vpceni.lab.machine.LabResources;
import io.vpceni.lab.site.Ec2Choice;
import io.vpceni.lab.site.SitePlan;
import io.vpceni.lab.world.WorldPlan;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/// What the commands that put up a lab have in common.
@LabBoundary
final class LabOptions {
    private static final int NODES_MAX = 16;

    @Option(
            names = "--nodes",
            paramLabel = "N",
            defaultValue = "2",
            description = "how many nodes (default: ${DEFAULT-VALUE})")
    private int nodes;

    @Option(
            names = "--instance-type",
            paramLabel = "TYPE",
            defaultValue = "t3.small",
            description = "of the nodes (default: ${DEFAULT-VALUE}, 3 ENIs of 4 addresses)")
    private String instanceType = "";

    @Option(
            names = "--prefix-delegation",
            description = "prefixes of 16 addresses, as --set ENABLE_PREFIX_DELEGATION=true")
    private boolean prefixDelegation;

    @Option(
            names = "--ec2",
            paramLabel = "WHICH",
            defaultValue = "embedded",
            description = "EC2 behind the lab: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
    private Ec2Choice ec2 = Ec2Choice.EMBEDDED;

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            converter = IpamdSettingOption.class,
            description = "a variable for ipamd, such as WARM_IP_TARGET=3; may be given again")
    private List<String> settings = new ArrayList<>();

    @Option(
            names = "--faults",
            paramLabel = "PRESET",
            defaultValue = "none",
            description = "what goes wrong at EC2 and the metadata services: none or storm (default: ${DEFAULT-VALUE})")
    private String faults = "";

    @Option(
            names = "--region",
            paramLabel = "REGION",
            defaultValue = "us-east-1",
            description = "of the embedded EC2 (default: ${DEFAULT-VALUE})")
    private String region = "";

    SitePlan plan(String name) throws IOException {
        if (nodes < 1 || nodes > NODES_MAX) {
            throw new IOException("--nodes " + nodes + ": want 1 to " + NODES_MAX);
        }
        List<String> types =
                new InstanceTypeCatalog().all().stream().map(InstanceType::name).toList();
        if (ec2 == Ec2Choice.EMBEDDED && !types.contains(instanceType)) {
            throw new IOException(
                    "--instance-type " + instanceType + ": the embedded EC2 has " + String.join(", ", types));
        }
        SitePlan plan = SitePlan.of(name, home(), nodes)
                .withEc2(ec2, System.getenv())
                .withEmulation(Ec2Settings.defaults().withRegion(region()))
                .withWorld(WorldPlan.ofNodes(nodes).withInstanceType(instanceType))
                .withIpamdSettings(IpamdSettingOption.byName(settings))
                .withFaults(faultRules());
        return prefixDelegation ? plan.withIpamdSetting("ENABLE_PREFIX_DELEGATION", "true") : plan;
    }

    private Region region() throws IOException {
        if (ec2 != Ec2Choice.EMBEDDED && !region.equals("us-east-1")) {
            throw new IOException("--region " + region + ": only the embedded EC2 can be in another region");
        }
        try {
            return new Region(region);
        } catch (IllegalArgumentException e) {
            throw new IOException("--region " + e.getMessage(), e);
        }
    }

    private List<FaultRule> faultRules() throws IOException {
        List<FaultRule> scenario = Presets.byName().get(faults);
        if (scenario == null) {
            throw new IOException("--faults " + faults + ": want "
                    + String.join(" or ", Presets.byName().keySet()));
        }
        if (ec2 != Ec2Choice.EMBEDDED && !scenario.isEmpty()) {
            throw new IOException("--faults " + faults + ": only the embedded EC2 has faults");
        }
        return scenario;
    }

    /// The same options again, for the process that holds the lab.
    Map<String, String> again() {
        Map<String, String> options = new TreeMap<>();
        options.put("--nodes", Integer.toString(nodes));
        options.put("--instance-type", instanceType);
        options.put("--ec2", ec2.name());
        options.put("--faults", faults);
        options.put("--region", region);
        if (prefixDelegation) {
            options.put("--prefix-delegation", "true");
        }
        IpamdSettingOption.byName(settings).forEach((name, value) -> options.put("--set=" + name, value));
        return options;
    }

    /// The project's directory, which `./lab` tells.
    static Path home() throws IOException {
        String home = System.getProperty("vpceni.home");
        if (home == null) {
            throw new IOException("-Dvpceni.home is not set: start the lab with ./lab");
        }
        return Path.of(home);
    }

    /// Refuses all but root, then takes away what killed labs left.
    static void prepareMachine(PrintWriter out) throws IOException {
        if (!Files.readString(Path.of("/proc/self/status")).lines().anyMatch(line -> line.matches("Uid:\\s+0\\s.*"))) {
            throw new IOException("this needs root, for network namespaces: run it with sudo");
        }
        LocalStackBackend.eraseAbandoned();
        for (String erased : LabResources.eraseAbandoned(LabResources.ROOT)) {
            out.println("lab: took away what the killed lab '" + erased + "' had left");
            out.flush();
        }
    }

    /// Claims the name, and has the lab taken down when this process is told to end.
    static LabResources claim(String name, PrintWriter err) throws IOException {
        LabResources resources = LabResources.claim(LabResources.ROOT, name);
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("take-down").unstarted(() -> {
                    try {
                        resources.close();
                    } catch (IOException e) {
                        err.println("lab: not everything could be taken away, the next command tries again: "
                                + e.getMessage());
                        err.flush();
                    }
                }));
        return resources;
    }
}
