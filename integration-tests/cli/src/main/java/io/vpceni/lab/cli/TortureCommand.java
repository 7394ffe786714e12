package io.vpceni.lab.cli;

import io.vpceni.lab.machine.LabBoundary;
import io.vpceni.lab.site.HostSnapshot;
import io.vpceni.lab.torture.Torture;
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

/// `./lab torture`: see [Torture].
@LabBoundary
@Command(
        name = "torture",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Kill ipamd with SIGKILL again and again, while pods come and go and others talk.",
        description = {
            "",
            "Six pods stay and talk over connections that last; three others at a time come, greet one of them and go."
                    + " ipamd dies at any moment of its service or its start. At the end the state of EC2, of the kernel"
                    + " and of ipamd must be the same: no address lost, none twice or before its cooldown ended, and no"
                    + " connection broken.",
            "About two seconds for each kill. Exit code 0 only if nothing was found.",
            ""
        },
        optionListHeading = "Options:%n")
final class TortureCommand implements Callable<Integer> {
    private static final int KILLS_MAX = 100_000;

    @Mixin
    private LabOptions options = new LabOptions();

    @Option(
            names = "--kills",
            paramLabel = "N",
            defaultValue = "200",
            description = "how often (default: ${DEFAULT-VALUE})")
    private int kills;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "of the chances, as far as they are not the machine's (default: ${DEFAULT-VALUE})")
    private long seed;

    @Option(
            names = "--name",
            paramLabel = "LAB",
            defaultValue = "torture",
            description = "of this lab, where several run (default: ${DEFAULT-VALUE})")
    private String name = "";

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        CommandLine commandLine = Objects.requireNonNull(spec).commandLine();
        PrintWriter out = commandLine.getOut();
        if (kills < 1 || kills > KILLS_MAX) {
            throw new IOException("--kills " + kills + ": want 1 to " + KILLS_MAX);
        }
        LabOptions.prepareMachine(out);
        HostSnapshot before = HostSnapshot.look(name);
        Torture torture =
                new Torture(options.plan(name), kills, seed, InstantSource.system(), System::nanoTime, line -> {
                    out.println(line);
                    out.flush();
                });
        List<String> findings = torture.run(LabOptions.claim(name, commandLine.getErr()), before);
        return findings.isEmpty() ? 0 : 1;
    }
}
