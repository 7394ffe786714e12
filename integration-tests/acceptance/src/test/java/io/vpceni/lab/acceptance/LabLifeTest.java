package io.vpceni.lab.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.lab.cli.Lab;
import io.vpceni.lab.machine.LabResources;
import io.vpceni.lab.machine.Program;
import io.vpceni.lab.site.HostSnapshot;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A lab as an operator uses it: put up, looked at, its ipamd killed and started, taken down.
@Tag("root")
@Timeout(600)
class LabLifeTest {
    private static final String LAB = "tlife";
    private static final Duration COMMAND_MAX = Duration.ofMinutes(5);

    @Test
    void anOperatorKillsAnIpamdLooksAndTakesTheLabDown() throws IOException {
        HostSnapshot before = HostSnapshot.look(LAB);

        assertThat(lab("up", "--nodes", "1").out())
                .contains("NAMESPACE", "vpl-tlife-node-1", "/run/vpc-eni-lab/tlife/node-1/ipamd.log", "runs, process");
        assertThat(lab("pod", "add", "web-0", "--node", "node-1").out()).contains("web-0");
        assertThat(lab("list").out()).containsPattern("tlife +1 +1 +up: './lab status --name tlife'");
        assertThat(lab("logs", "node-1").out()).contains("Serving");
        assertThat(lab("exec", "node-1", "--", "ip", "rule").out()).contains("lookup main");
        assertThat(lab("kill", "node-1").out()).contains("ipamd on node-1 is killed; its pods go on");
        assertThat(lab("status").out()).contains("ended, status 137");
        assertThat(lab("pod", "del", "web-0").err()).contains("'./lab start node-1' starts it");
        assertThat(lab("pod", "add").err()).contains("does not run, and no pod can be added there");
        assertThat(lab("start", "--node", "node-1").out()).contains("ipamd on node-1 is ready after");
        assertThat(lab("pod", "del", "web-0").status()).isZero();
        assertThat(lab("restart", "node-1").status()).isZero();
        assertThat(lab("pod", "add", "web-1").status()).isZero();
        assertThat(lab("kill", "node-1").status()).isZero();

        Program.Result down = lab("down");
        assertThat(down.status()).as(down.err()).isZero();
        assertThat(down.out())
                .contains("node-1: ipamd had ended with status 137, so 1 pod went without DEL")
                .contains("nothing of lab 'tlife' is left");
        assertThat(HostSnapshot.look(LAB).differencesTo(before)).isEmpty();
    }

    /// A test that failed half-way leaves nothing either.
    @AfterEach
    void takeDownWhatIsStillUp() throws IOException {
        if (LabResources.running(LabResources.ROOT).contains(LAB)) {
            Program.Result _ = lab("down");
        }
    }

    private static Program.Result lab(String... arguments) throws IOException {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        words.addAll(List.of(
                "-Dvpceni.home=" + Trial.home(), "-cp", System.getProperty("java.class.path"), Lab.class.getName()));
        if (!arguments[0].equals("list")) {
            words.addAll(List.of("--name", LAB));
        }
        words.addAll(List.of(arguments));
        return Program.of(words).withTimeMax(COMMAND_MAX).runToEnd();
    }
}
