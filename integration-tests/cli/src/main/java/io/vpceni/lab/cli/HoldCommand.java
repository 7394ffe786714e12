package io.vpceni.lab.cli;

import io.vpceni.lab.control.ControlServer;
import io.vpceni.lab.machine.LabBoundary;
import io.vpceni.lab.machine.LabResources;
import io.vpceni.lab.site.Site;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// The process that `./lab up` leaves behind: it holds the lab until it is told to end.
@LabBoundary
@Command(name = "hold", hidden = true)
final class HoldCommand implements Callable<Integer> {
    @Mixin
    private LabOptions options = new LabOptions();

    @Mixin
    private NodePolicyOption nodePolicy = new NodePolicyOption();

    @Option(names = "--name", required = true)
    private String name = "";

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        CommandLine commandLine = Objects.requireNonNull(spec).commandLine();
        PrintWriter out = commandLine.getOut();
        LabOptions.prepareMachine(out);
        LabResources resources = LabOptions.claim(name, commandLine.getErr());
        try {
            Site site = Site.put(
                    resources, nodePolicy.of(options.plan(name)), InstantSource.system(), System::nanoTime, line -> {
                        out.println(line);
                        out.flush();
                    });
            try (ControlServer control = ControlServer.open(resources.directory(), site)) {
                control.serve(progress -> {
                    List<IOException> _ =
                            site.takeDown(progress); // said already, and closing the resources deletes the rest
                    resources.close();
                });
            }
        } finally {
            resources.close();
        }
        return 0;
    }
}
