package io.vpceni.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/// How `./lab` reads what a person types, before anything is done: it needs no root.
class LabArgumentsTest {
    @TempDir
    private Path directory = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CommandLine lab =
            Lab.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            demo --nods 3           | lab demo: unknown option '--nods': did you mean --nodes? './lab demo --help' tells more
            demo --zzz              | lab demo: unknown option '--zzz'; './lab demo --help' tells more
            stauts                  | lab: unknown command 'stauts': did you mean status? './lab --help' tells more
            pod ad web-0            | lab pod: unknown command 'ad': did you mean add? './lab pod --help' tells more
            down now                | lab down: unexpected argument 'now'; './lab down --help' tells more
            down --node node-1      | lab down: unknown option '--node'; './lab down --help' tells more
            up --nodes many         | lab up: invalid value for option '--nodes': 'many' is not an int; './lab up --help' tells more
            up --set FOO            | lab up: invalid value for option '--set' (NAME=VALUE): 'FOO' has no name before a '=', as WARM_IP_TARGET=3 has; './lab up --help' tells more
            logs                    | lab logs: which node? './lab status' lists them; './lab logs --help' tells more
            kill node-1 --node b    | lab kill: two nodes are named: node-1 and --node b; './lab kill --help' tells more
            exec node-1             | lab exec: which program? ./lab exec node-1 -- ip addr; './lab exec --help' tells more
            ec2 fault add           | lab ec2 fault add: missing required parameter: 'FAULT'; './lab ec2 fault add --help' tells more
            ec2 fault add refuse    | lab ec2 fault add: fault refuse needs --code CODE; './lab ec2 fault add --help' tells more
            ec2 fault add lag       | lab ec2 fault add: fault lag needs --time TIME; './lab ec2 fault add --help' tells more
            ec2 fault add refues --code A | lab ec2 fault add: no fault 'refues': did you mean refuse? './lab ec2 fault add --help' tells more
            ec2 fault add imds-down --code A | lab ec2 fault add: fault imds-down does not take --code; './lab ec2 fault add --help' tells more
            ec2 fault add lag --time 1s --to 2s | lab ec2 fault add: fault lag does not take --to, only --time TIME; './lab ec2 fault add --help' tells more
            """)
    void wrongUsageIsOneLineThatSaysWhatWasMeant(String arguments, String line) {
        assertThat(Lab.execute(lab, arguments.strip().split(" "))).isEqualTo(2);

        assertThat(err.toString().lines()).containsExactly(line.strip());
        assertThat(out.toString()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"demo --record", "demo --junit", "chaos --json", "simulate --json", "bench --json"})
    void aDirectoryIsNoFileToWriteTo(String command) {
        assertThat(Lab.execute(lab, (command + " " + directory).split(" "))).isEqualTo(1);

        assertThat(err.toString().lines()).containsExactly("lab: cannot write " + directory + ": it is a directory");
    }

    @Test
    void anInstanceTypeThatTheEmbeddedEc2DoesNotHaveIsRefusedWithThoseItHas() {
        LabOptions options = new LabOptions();
        new CommandLine(options).setCaseInsensitiveEnumValuesAllowed(true).parseArgs("--instance-type", "t9.foo");

        assertThatThrownBy(() -> options.plan("lab"))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("--instance-type t9.foo: the embedded EC2 has c5.18xlarge, ");
    }

    @Test
    void theHelpOfIpamctlSaysWhereIpamctlsOwnIs() {
        assertThat(Lab.execute(lab, "ipamctl", "--help")).isZero();

        assertThat(out.toString()).contains("./lab ipamctl -- --help");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bad name", "", "Web", "web-", "web_0", "a..b", "über"})
    void aNameThatNoPodCanHaveIsRefusedWithTheRule(String name) {
        assertThat(Lab.execute(lab, "pod", "add", name)).isEqualTo(2);

        assertThat(err.toString().lines()).hasSize(1);
        assertThat(err.toString())
                .startsWith("lab pod add: '" + name + "' cannot name a pod in Kubernetes: want at most 253 lower-case");
    }

    @ParameterizedTest
    @ValueSource(strings = {"web-0", "0", "a.b-c.d1"})
    void aNameOfKubernetesIsOne(String name) {
        assertThat(PodNameRule.isOne(name)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --node node-2 pod add web-0            | pod add --node=node-2 web-0
            pod --node node-2 add web-0            | pod add --node=node-2 web-0
            pod add web-0 --node node-2            | pod add --node=node-2 web-0
            --name a pod list                      | pod list --name=a
            ipamctl enis --node=node-2 -o json     | ipamctl --node=node-2 enis -o json
            --node node-2 logs -f                  | logs --node=node-2 -f
            pod exec web-0 -- x --node y           | pod exec web-0 -- x --node y
            pod exec web-0 x --node y              | pod exec web-0 x --node y
            --name a exec node-1 -- x --name y     | exec --name=a node-1 -- x --name y
            down --node node-2                     | down --node node-2
            demo --nodes 3                         | demo --nodes 3
            """)
    void theNodeAndTheLabCanBeNamedAnywhere(String typed, String read) {
        assertThat(String.join(
                        " ", NodeOptionPlacement.sorted(lab, typed.strip().split(" "))))
                .isEqualTo(read.strip());
    }

    @Test
    void whatGoesToAFileHasNoColours() {
        assertThat(Lab.execute(lab, "--help")).isZero();
        assertThat(Lab.execute(lab, "help", "demo")).isZero();

        assertThat(out.toString()).contains("status", "logs", "--nodes").doesNotContain("\u001b");
        assertThat(lab.getColorScheme().ansi()).isEqualTo(CommandLine.Help.Ansi.OFF);
    }

    @Test
    void theHelpOfFaultsNamesTheOptionsOfEach() {
        assertThat(Lab.execute(lab, "ec2", "fault", "add", "--help")).isZero();

        assertThat(out.toString().replaceAll("\\s+", " "))
                .contains("refuse --code CODE", "slow --time TIME [--to TIME]", "imds-status --status N");
    }

    @Test
    void aStatusNamesNodesNamespacesAndLogs() throws IOException {
        JsonNode answer = new ObjectMapper().readTree("""
                {"nodes": [
                  {"name": "node-1", "instance": "i-1", "namespace": "vpl-lab-node-1", "pods": 2, "enis": 1,
                   "log": "/run/a/ipamd.log", "pid": 77, "ready": true},
                  {"name": "node-2", "instance": "i-2", "namespace": "vpl-lab-node-2", "pods": 0, "enis": 1,
                   "log": "/run/b/ipamd.log", "status": 137},
                  {"name": "node-3", "instance": "i-3", "namespace": "vpl-lab-node-3", "pods": 0, "enis": 1,
                   "log": "/run/c/ipamd.log", "pid": 78, "ready": false}],
                 "vpc": "vpc-1", "router": "vpl-lab-router", "internet": "vpl-lab-internet",
                 "ec2": "http://198.51.100.1"}""");

        StatusCommand.print("lab", answer, new PrintWriter(out, true));

        assertThat(out.toString()).isEqualTo("""
                NODE    INSTANCE  IPAMD                        PODS  ENIS  NAMESPACE       LOG
                node-1  i-1       runs, process 77             2     1     vpl-lab-node-1  /run/a/ipamd.log
                node-2  i-2       ended, status 137            0     1     vpl-lab-node-2  /run/b/ipamd.log
                node-3  i-3       runs, not ready, process 78  0     1     vpl-lab-node-3  /run/c/ipamd.log

                lab 'lab': vpc-1, its router in namespace vpl-lab-router, the internet in vpl-lab-internet, EC2 at http://198.51.100.1 seen from a node
                """);
    }
}
