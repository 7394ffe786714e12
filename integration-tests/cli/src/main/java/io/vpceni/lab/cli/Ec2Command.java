package io.vpceni.lab.cli;

import io.vpceni.lab.backend.Region;
import io.vpceni.lab.ec2.BucketSizes;
import io.vpceni.lab.ec2.Ec2Emulation;
import io.vpceni.lab.ec2.Ec2Settings;
import io.vpceni.lab.ec2.SampleWorld;
import io.vpceni.lab.ec2.control.ControlApi;
import io.vpceni.lab.ec2.model.Ec2Delays;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `./lab ec2`: the emulation alone, for the AWS CLI. Needs no root.
@NullMarked
@Command(
        name = "ec2",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        header = "Run the embedded EC2 alone, to look at it with the AWS CLI or any AWS SDK.",
        description = {
            "",
            "Answers EC2's Query API with EC2's own rules and error codes: limits per instance type, reserved and"
                    + " unique addresses, client tokens, filters, pages. It keeps nothing: every start begins anew.",
            "It needs no root and no AWS account. Ctrl-C ends it.",
            ""
        },
        optionListHeading = "Options:%n",
        subcommands = {FaultCommand.class, CallsCommand.class},
        commandListHeading = "%nCommands, to one that runs (here or behind ./lab up):%n",
        footerHeading = "%nExample:%n",
        footer = {
            "  ./lab ec2 --port 4580",
            "  aws --endpoint-url http://127.0.0.1:4580 ec2 describe-network-interfaces",
            "",
            "The start prints the environment that the AWS CLI needs. An AWS CLI: pip install awscli"
        })
public final class Ec2Command implements Callable<Integer> {
    private static final int EXIT_CANNOT_LISTEN = 1;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "4580",
            description = "TCP port, 0 for any free one (default: ${DEFAULT-VALUE})")
    private int port;

    @Option(
            names = "--bind",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "address to listen on (default: ${DEFAULT-VALUE})")
    private String bind = "";

    @Option(
            names = "--control-port",
            paramLabel = "N",
            defaultValue = "" + ControlOptions.PORT,
            description = "TCP port of the control API, on the same address (default: ${DEFAULT-VALUE})")
    private int controlPort;

    @Option(
            names = "--region",
            paramLabel = "REGION",
            defaultValue = "us-east-1",
            description = "whose EC2 it is: zones and names in DNS follow (default: ${DEFAULT-VALUE})")
    private String region = "";

    @Option(names = "--empty", description = "begin without the sample VPC, subnet, security group and instance")
    private boolean empty;

    @Option(
            names = "--no-delays",
            description = "attach, detach and launch at once, not within a second or two as EC2 does")
    private boolean withoutDelays;

    @Option(names = "--no-throttling", description = "let every request in, however many come")
    private boolean withoutThrottling;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        Ec2Settings settings = Ec2Settings.defaults().withRegion(region());
        if (withoutDelays) {
            settings = settings.withDelays(Ec2Delays.none());
        }
        if (withoutThrottling) {
            settings = settings.withBuckets(BucketSizes.off());
        }
        InetSocketAddress address = address("--port", port);
        InetSocketAddress control = address("--control-port", controlPort);
        InstantSource time = InstantSource.system();
        try (Ec2Emulation emulation = Ec2Emulation.start(settings, address, time);
                ControlApi door = ControlApi.open(emulation, control, time)) {
            tell(emulation.endpoint());
            tellControl(door.endpoint());
            tellReady(emulation.endpoint());
            new CountDownLatch(1).await(); // for Ctrl-C
            return 0;
        } catch (IOException e) {
            String reason = e instanceof BindException
                    ? "; others: --port N --control-port N, now " + port + " and " + controlPort
                    : "";
            spec().commandLine()
                    .getErr()
                    .println("lab ec2: cannot listen on " + bind + ":" + port + ": " + e.getMessage() + reason);
            return EXIT_CANNOT_LISTEN;
        }
    }

    private Region region() {
        try {
            return new Region(region);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec().commandLine(), "--region " + e.getMessage(), e);
        }
    }

    private InetSocketAddress address(String option, int number) {
        if (number < 0 || number > 65_535) {
            throw new ParameterException(spec().commandLine(), option + " " + number + ": want 0 to 65535");
        }
        try {
            return new InetSocketAddress(InetAddress.ofLiteral(bind), number);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec().commandLine(), "--bind " + bind + ": want an IP address", e);
        }
    }

    private void tell(URI endpoint) {
        PrintWriter out = spec().commandLine().getOut();
        if (!empty) {
            SampleWorld world = SampleWorld.build(endpoint, region);
            out.printf(Locale.ROOT, "VPC            %s  %s%n", world.vpcId(), SampleWorld.VPC_CIDR);
            out.printf(Locale.ROOT, "subnet         %s  %s%n", world.subnetId(), SampleWorld.SUBNET_CIDR);
            out.printf(Locale.ROOT, "another zone's %s  %s%n", world.otherSubnetId(), SampleWorld.OTHER_SUBNET_CIDR);
            out.printf(Locale.ROOT, "security group %s%n", world.securityGroupId());
            out.printf(Locale.ROOT, "instance       %s  t3.small%n%n", world.instanceId());
        }
        out.printf(Locale.ROOT, """
                In another terminal:
                  export AWS_ENDPOINT_URL_EC2=%1$s AWS_ENDPOINT_URL_STS=%1$s
                  export AWS_REGION=%2$s AWS_DEFAULT_REGION=%2$s AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test
                  aws sts get-caller-identity
                  aws ec2 describe-subnets
                  aws ec2 describe-network-interfaces --filters Name=attachment.device-index,Values=0
                  aws ec2 create-network-interface --subnet-id subnet-... --secondary-private-ip-address-count 3
                  aws ec2 attach-network-interface --device-index 1 --instance-id i-... --network-interface-id eni-...
                The key test may do everything, with any secret, as %3$s may.
                """, endpoint, region, Ec2Emulation.ADMINISTRATOR_KEY_ID);
        out.flush();
    }

    private void tellControl(URI control) {
        PrintWriter out = spec().commandLine().getOut();
        out.printf(Locale.ROOT, """

                Make it misbehave, and see what was asked (without --control these go to a lab that is up, if there is one):
                  ./lab ec2 fault add refuse --code RequestLimitExceeded --action CreateNetworkInterface --times 2 --control %1$s
                  ./lab ec2 fault preset storm --control %1$s
                  ./lab ec2 calls --control %1$s
                """, control);
        out.flush();
    }

    /// Last, for programs that wait for it: all that it names exists.
    private void tellReady(URI endpoint) {
        PrintWriter out = spec().commandLine().getOut();
        out.printf(Locale.ROOT, "%nEC2 answers at %s (region %s). Ctrl-C ends it.%n", endpoint, region);
        out.flush();
    }

    private CommandSpec spec() {
        if (spec == null) {
            throw new IllegalStateException("picocli has not set the command");
        }
        return spec;
    }
}
