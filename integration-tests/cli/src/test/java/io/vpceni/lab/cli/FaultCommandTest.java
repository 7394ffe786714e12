package io.vpceni.lab.cli;

import static io.vpceni.lab.ec2.TestWorld.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vpceni.lab.ec2.Ec2Settings;
import io.vpceni.lab.ec2.EmulatedEc2;
import io.vpceni.lab.ec2.SteppedTime;
import io.vpceni.lab.ec2.TestWorld;
import io.vpceni.lab.ec2.control.ControlApi;
import io.vpceni.lab.ec2.model.Ec2Delays;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/// `./lab ec2 fault` and `./lab ec2 calls`, which use the control API.
class FaultCommandTest {
    private final SteppedTime time = new SteppedTime();

    @AutoClose
    private final EmulatedEc2 emulated = new EmulatedEc2(Ec2Settings.defaults().withDelays(Ec2Delays.none()), time);

    @AutoClose
    private final ControlApi api;

    private final TestWorld world = emulated.world("10.20.0.0/24");

    FaultCommandTest() throws IOException {
        api = ControlApi.open(emulated.emulation(), EmulatedEc2.loopback(), time);
    }

    @Test
    void aCodeThatNobodyKnowsIsTakenWithAWarning() {
        assertThat(lab("fault", "add", "refuse", "--code", "Nonsense"))
                .contains("'Nonsense' is no error code that EC2 documents for such calls", "added refuse-1");
        assertThat(lab("fault", "add", "refuse", "--code", "InsufficientCidrBlocks"))
                .doesNotContain("documents");
    }

    @Test
    void faultsAreSwitchedFromTheCommandLine() {
        String node = world.launch("t3.small").instanceId();
        String there = "the emulation at " + api.endpoint().getAuthority();

        assertThat(lab("fault", "add", "refuse", "--code", "InternalError", "--caller", node, "--times", "3"))
                .contains("added refuse-1 to " + there + "\n", "InternalError", node);
        assertThat(lab("fault", "add", "slow", "--time", "200ms", "--to", "2s", "--for", "1m"))
                .contains("slow 200-2000 ms");
        assertThat(lab("fault", "clear", "refuse-1")).contains("slow-2").doesNotContain("refuse-1");
        assertThat(lab("fault", "preset", "storm", "--seed", "3")).contains("storm-lost-answers");
        assertThat(lab("fault", "clear")).isEqualTo("no faults at " + there + " now\n");
        assertThat(lab("fault", "add", "refuse", "--code", "InternalError", "--times", "2"))
                .contains(there);
        assertThat(refusal(world::createEni)).isEqualTo("InternalError");
        assertThat(lab("fault", "clear")).isEqualTo("no faults at " + there + " now; so far: refuse 1\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"list", "add refuse --code InternalError", "clear", "preset storm", ""})
    void theOptionOfTheEmulationMayStandBeforeTheSubcommand(String subcommand) {
        List<String> words = new ArrayList<>(
                List.of("ec2", "fault", "--control", api.endpoint().toString()));
        words.addAll(subcommand.isEmpty() ? List.of() : List.of(subcommand.split(" ")));
        StringWriter out = new StringWriter();
        CommandLine line = Lab.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(out, true));

        assertThat(line.execute(words.toArray(String[]::new))).as("%s", out).isZero();
        assertThat(out.toString()).contains("the emulation at " + api.endpoint().getAuthority());
    }

    @Test
    void callsArePrintedAsATableWithTotals() throws IOException {
        world.createEni();

        assertThat(lab("calls"))
                .startsWith("calls to the emulation at ")
                .contains("administrator  CreateNetworkInterface  " + world.subnetId());
        assertThat(lab("calls", "--totals")).doesNotContain("administrator").contains("THROTTLED", "CreateVpc");
        assertThat(new ObjectMapper()
                        .readTree(lab("calls", "--since", "1h", "-o", "json"))
                        .path("calls"))
                .hasSize(4);
    }

    private String lab(String... words) {
        StringWriter text = new StringWriter();
        CommandLine command =
                new CommandLine(new Ec2Command()).setOut(new PrintWriter(text)).setErr(new PrintWriter(text));
        String[] all = Arrays.copyOf(words, words.length + 2);
        all[words.length] = "--control";
        all[words.length + 1] = api.endpoint().toString();
        assertThat(command.execute(all)).as("%s", text).isZero();
        return text.toString();
    }
}
