package io.vpceni.lab.cli;

import io.vpceni.lab.demo.Demo;
import io.vpceni.lab.machine.LabBoundary;
import io.vpceni.lab.site.HostSnapshot;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `./lab demo`: see [Demo].
@LabBoundary
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Put up a VPC with nodes and pods, try every promise on it, take it away.",
        description = {
            "",
            "Each node's ipamd asks EC2 for ENIs and addresses, pods are wired by the real plugin, and their packets"
                    + " cross a fabric that loses what a real VPC would lose.",
            "Ends with 'N passed, N failed'; exit code 0 only if all passed.",
            ""
        },
        optionListHeading = "Options:%n")
final class DemoCommand implements Callable<Integer> {
    private static final int PODS_MAX = 200;

    @Mixin
    private LabOptions options = new LabOptions();

    @Option(
            names = "--pods",
            paramLabel = "N",
            description = "pods on each node (default: 6, or as many as need a second ENI if these are at most 60)")
    private @Nullable Integer pods;

    @Option(names = "--json", paramLabel = "FILE", description = "write checks, pods and counts there too")
    private @Nullable Path json;

    @Option(
            names = "--record",
            paramLabel = "FILE",
            description =
                    "write the result there as one HTML page: checks, pods that heard one another, ENIs, EC2 calls")
    private @Nullable Path page;

    @Option(names = "--junit", paramLabel = "FILE", description = "write the checks there as JUnit's XML")
    private @Nullable Path junit;

    @Option(
            names = "--name",
            paramLabel = "LAB",
            defaultValue = "demo",
            description = "of this lab, where several run (default: ${DEFAULT-VALUE})")
    private String name = "";

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        CommandLine commandLine = Objects.requireNonNull(spec).commandLine();
        PrintWriter out = commandLine.getOut();
        OutputFiles.requireWritable(json, junit, page);
        LabOptions.prepareMachine(out);
        OptionalInt podsWanted = pods == null ? OptionalInt.empty() : OptionalInt.of(pods);
        if (podsWanted.orElse(1) < 1 || podsWanted.orElse(1) > PODS_MAX) {
            throw new IOException("--pods " + pods + ": want 1 to " + PODS_MAX);
        }
        HostSnapshot before = HostSnapshot.look(name);
        Demo demo = new Demo(options.plan(name), podsWanted, InstantSource.system(), System::nanoTime, line -> {
            out.println(line);
            out.flush();
        });
        Demo.Result result = demo.run(LabOptions.claim(name, commandLine.getErr()), before);
        write(json, result.json());
        write(junit, result.junit());
        write(page, result.page());
        if (page != null) {
            out.println("recorded in " + page.toAbsolutePath());
            out.flush();
        }
        return result.failed() == 0 ? 0 : 1;
    }

    private static void write(@Nullable Path file, String text) throws IOException {
        if (file != null) {
            Files.writeString(file, text);
        }
    }
}
