package io.vpceni.lab.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.lab.cli.Lab;
import io.vpceni.lab.machine.LabResources;
import io.vpceni.lab.site.HostSnapshot;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The lab's own program is ended in the middle of a demo, politely and not: nothing stays on the machine.
@Tag("root")
@Timeout(120)
class CleanUpTest {
    private static final int NODES = 2;
    private static final long END_SECONDS_MAX = 60;
    private static final Pattern IPAMD = Pattern.compile("ipamd ready");

    @TempDir
    private Path directory = Path.of("");

    private final List<Process> started = new ArrayList<>();

    @Test
    void ctrlCLeavesNothing() throws IOException, InterruptedException {
        endedBy("INT", "tsigint");
    }

    @Test
    void sigtermLeavesNothing() throws IOException, InterruptedException {
        endedBy("TERM", "tsigterm");
    }

    @Test
    void ctrlCWhileTheVpcIsStillBeingBuiltLeavesNothing() throws IOException, InterruptedException {
        HostSnapshot before = HostSnapshot.look("tsigearly");
        Process demo = demo("tsigearly");
        Eventually.holds(
                "the first namespace is there",
                () -> Files.exists(Path.of("/run/netns/vpl-tsigearly-router")) || !demo.isAlive());

        signal(demo, "INT");

        assertThat(HostSnapshot.look("tsigearly").differencesTo(before)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"TERM, tupterm", "INT, tupint", "HUP, tuphup"})
    void aSignalToUpBeforeItIsDoneTakesTheHolderAlong(String signal, String lab)
            throws IOException, InterruptedException {
        HostSnapshot before = HostSnapshot.look(lab);
        Process up = lab("up", "--nodes", "1", "--name", lab);
        Eventually.holds(
                "the first namespace is there",
                () -> Files.exists(Path.of("/run/netns/vpl-" + lab + "-router")) || !up.isAlive());

        signal(up, signal);

        assertThat(output("up"))
                .contains("lab: interrupted; the lab '" + lab + "' is not up yet and is taken away")
                .endsWith("lab: nothing of lab '" + lab + "' is left\n");
        assertThat(HostSnapshot.look(lab).differencesTo(before)).isEmpty();
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(Path::getFileName).map(Path::toString)).containsExactly("up.log");
        }
    }

    @Test
    void afterAKillTheNextCommandTakesEverythingAway() throws IOException, InterruptedException {
        HostSnapshot before = HostSnapshot.look("tsigkill");
        Process demo = demo("tsigkill");
        awaitPods(demo, "tsigkill");
        List<ProcessHandle> ipamds = ipamds("tsigkill");
        assertThat(ipamds).hasSize(NODES);

        signal(demo, "KILL");
        assertThat(ipamds).as("nobody has ended them").allMatch(ProcessHandle::isAlive);

        Process next = lab("down", "--name", "tsigkill");
        assertThat(next.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
        assertThat(output("down")).contains("took away what the killed lab 'tsigkill' had left");

        assertThat(ipamds).noneMatch(ProcessHandle::isAlive);
        assertThat(HostSnapshot.look("tsigkill").differencesTo(before)).isEmpty();
    }

    private void endedBy(String signal, String lab) throws IOException, InterruptedException {
        HostSnapshot before = HostSnapshot.look(lab);
        Process demo = demo(lab);
        awaitPods(demo, lab);
        List<ProcessHandle> ipamds = ipamds(lab);
        assertThat(ipamds).hasSize(NODES);

        signal(demo, signal);

        assertThat(output("demo")).doesNotContain("not everything could be taken away");
        assertThat(ipamds).noneMatch(ProcessHandle::isAlive);
        assertThat(HostSnapshot.look(lab).differencesTo(before)).isEmpty();
    }

    private Process demo(String lab) throws IOException {
        return lab("demo", "--nodes", Integer.toString(NODES), "--pods", "8", "--name", lab);
    }

    /// The program that `./lab` starts, as the leader of a group of processes, as an interactive shell makes it.
    private Process lab(String... arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of("setsid", "env", "--default-signal=HUP,INT,TERM"));
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        words.addAll(List.of(
                "-Djava.io.tmpdir=" + directory,
                "-Dvpceni.home=" + Trial.home(),
                "-cp",
                System.getProperty("java.class.path"),
                Lab.class.getName()));
        words.addAll(List.of(arguments));
        Process process = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(arguments[0] + ".log").toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .start();
        started.add(process);
        return process;
    }

    /// A test that failed half-way leaves nothing either.
    @AfterEach
    void endWhatStillRuns() throws IOException, InterruptedException {
        for (Process process : started) {
            process.destroyForcibly();
            int _ = process.waitFor();
        }
        for (String lab : List.of("tupterm", "tupint", "tuphup")) {
            endHolder(LabResources.ROOT.resolve(lab).resolve("owner"));
        }
        List<String> _ = LabResources.eraseAbandoned(LabResources.ROOT);
    }

    /// A holder is no child of ours.
    private static void endHolder(Path owner) throws IOException {
        if (Files.exists(owner)) {
            long pid = Long.parseLong(Files.readString(owner).split(" ", 2)[0]);
            ProcessHandle.of(pid).ifPresent(holder -> {
                holder.destroyForcibly();
                ProcessHandle _ = holder.onExit().join();
            });
        }
    }

    private String output(String command) throws IOException {
        return Files.readString(directory.resolve(command + ".log"), StandardCharsets.UTF_8);
    }

    /// Waits until the demo is in the middle of its work: ipamd runs on each node, and there is a pod.
    private void awaitPods(Process demo, String lab) throws IOException {
        Eventually.holds("the demo adds pods", () -> {
            Matcher ready = IPAMD.matcher(output("demo"));
            boolean pods = Files.exists(Path.of("/run/netns/vpl-" + lab + "-pod-1"));
            return (pods && ready.results().count() == NODES) || !demo.isAlive();
        });
        assertThat(demo.isAlive()).as(output("demo")).isTrue();
    }

    private static void signal(Process process, String name) throws IOException, InterruptedException {
        boolean toAllOfTheGroup = name.equals("INT"); // so does the terminal
        int status = new ProcessBuilder("kill", "-" + name, "--", (toAllOfTheGroup ? "-" : "") + process.pid())
                .start()
                .waitFor();
        assertThat(status).isZero();
        assertThat(process.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
    }

    /// The running ipamds that the lab has written down, told by their environment.
    private static List<ProcessHandle> ipamds(String lab) throws IOException {
        List<ProcessHandle> found = new ArrayList<>();
        try (Stream<String> marks = Files.lines(LabResources.ROOT.resolve(lab).resolve("processes"))) {
            for (String mark : marks.toList()) {
                long pid = Long.parseLong(mark.split(" ", 2)[0]);
                if (environment(pid).contains("MY_NODE_NAME=node-")) {
                    ProcessHandle.of(pid).ifPresent(found::add);
                }
            }
        }
        return found;
    }

    private static String environment(long pid) throws IOException {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/environ"), StandardCharsets.UTF_8);
        } catch (NoSuchFileException _) {
            return "";
        }
    }
}
