package io.vpceni.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.lab.ec2.EmulatedEc2;
import io.vpceni.lab.ec2.SampleWorld;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/// `./lab ec2` as a person types it wrongly, and what it says of itself.
class Ec2CommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CommandLine command =
            new CommandLine(new Ec2Command()).setOut(new PrintWriter(out)).setErr(new PrintWriter(err));

    @Test
    void helpSaysHowToUseTheAwsCli() {
        assertThat(command.execute("--help")).isZero();
        assertThat(out.toString()).contains("--port=N", "aws --endpoint-url http://127.0.0.1:4580 ec2");
    }

    @Test
    void aPortInUseIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, EmulatedEc2.loopback().getAddress())) {
            String port = Integer.toString(taken.getLocalPort());

            assertThat(command.execute("--port", port)).isEqualTo(1);
            assertThat(err.toString()).contains(port, "--port N");
        }
    }

    @Test
    void aPortOrAddressThatIsNoneIsRefused() {
        assertThat(command.execute("--port", "70000")).isEqualTo(2);
        assertThat(command.execute("--bind", "localhost")).isEqualTo(2);
        assertThat(err.toString()).contains("--port 70000: want 0 to 65535", "--bind localhost: want an IP address");
    }

    @Test
    void theSampleWorldHasAnInstanceInItsSubnet() {
        try (EmulatedEc2 emulated = EmulatedEc2.withoutDelays()) {
            SampleWorld sample = SampleWorld.build(emulated.endpoint(), "us-east-1");

            assertThat(emulated.emulation().attachedEnis())
                    .extracting(eni -> eni.instanceId() + " " + eni.subnetId())
                    .containsExactly(sample.instanceId() + " " + sample.subnetId());
        }
    }
}
