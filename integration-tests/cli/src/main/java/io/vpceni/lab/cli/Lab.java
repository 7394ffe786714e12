package io.vpceni.lab.cli;

import io.vpceni.ipamctl.print.UsageErrors;
import io.vpceni.lab.machine.LabBoundary;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `./lab`: a VPC on one machine, and the product on it. The script prints this command's usage without a build, from
/// `build/lab-help.txt`.
@LabBoundary
@Command(
        name = "lab",
        header = "A VPC on this machine, with vpc-eni-ipam on its nodes.",
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "",
            "Everything that a lab puts on the machine lives in network namespaces named vpl-<lab>-... and in"
                    + " /run/vpc-eni-lab, and goes with it; what a killed lab left is taken away by the next command.",
            ""
        },
        commandListHeading = "Commands:%n",
        footer = {
            "",
            "  ./lab verify    all checks and tests",
            "  ./lab contract  the EC2 emulation and LocalStack, held to one suite",
            "  ./lab mutate    mutation testing of the modules that decide: which tests would miss a fault",
            "  ./lab version   this version and its commit",
            "",
            "As root ./lab installs what the machine lacks, by apt-get or dnf, and says so before; --no-install refuses",
            "that, and prints the line to paste. A JDK 25 is fetched where there is none: LAB_JDK_URL and LAB_JDK_SHA256",
            "name a mirror.",
            "",
            "'./lab COMMAND --help' tells more of each."
        },
        subcommands = {
            DemoCommand.class,
            TortureCommand.class,
            ChaosCommand.class,
            UpCommand.class,
            StatusCommand.class,
            ListCommand.class,
            PodCommand.class,
            IpamctlCommand.class,
            NodeCommands.Logs.class,
            NodeCommands.Kill.class,
            NodeCommands.Start.class,
            NodeCommands.Restart.class,
            NodeCommands.Exec.class,
            DownCommand.class,
            HoldCommand.class,
            Ec2Command.class,
            BenchCommand.class,
            BurstCommand.class,
            WarmUpCommand.class,
            SimulateCommand.class,
            FleetCommand.class,
            JmhCommand.class,
            CommandLine.HelpCommand.class
        })
public final class Lab {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            hidden = true)
    @SuppressWarnings("UnusedVariable") // picocli looks at the option itself
    private boolean help;

    private Lab() {}

    public static void main(String[] args) {
        System.exit(execute(commandLine(), args));
    }

    static int execute(CommandLine lab, String... args) {
        return lab.execute(args.length == 0 ? new String[] {"help"} : NodeOptionPlacement.sorted(lab, args));
    }

    static CommandLine commandLine() {
        CommandLine lab = new CommandLine(new Lab())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpWidth(110)
                .setExecutionExceptionHandler(Lab::failed);
        Objects.requireNonNull(lab.getSubcommands().get("ipamctl"))
                .setStopAtPositional(true); // the rest is ipamctl's own
        return UsageErrors.installIn(lab, "./");
    }

    /// A failure of the outside in one line; a bug with its trace.
    private static int failed(Exception failure, CommandLine commandLine, CommandLine.ParseResult parsed) {
        PrintWriter err = commandLine.getErr();
        if (failure instanceof IOException) {
            err.println("lab: " + failure.getMessage());
        } else {
            failure.printStackTrace(err);
        }
        err.flush();
        return 1;
    }
}
