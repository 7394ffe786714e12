package io.vpceni.lab.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.lab.machine.Program;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;
import picocli.CommandLine.Help.Ansi;

/// What `./lab` says and does around a build.
class LabScriptTest {
    private static final Path REPOSITORY = Path.of(System.getProperty("repository.root", "../.."));

    @TempDir
    private Path directory = Path.of("");

    @Test
    void theHelpThatNeedsNoBuildIsTheOneOfTheCommandLine() throws Exception {
        String usage = Lab.commandLine().getUsageMessage(Ansi.OFF);

        assertThat(Files.readString(REPOSITORY.resolve("build/lab-help.txt")))
                .as("put this text into build/lab-help.txt:%n%s", usage)
                .isEqualTo(usage);
    }

    @ParameterizedTest
    @ValueSource(strings = {"help", "--help", "-h"})
    void helpNeedsNeitherJdkNorBuild(String word) throws Exception {
        StubMachine machine = StubMachine.bare(directory, StubMachine.DEBIAN);
        machine.aptGet();

        Program.Result help = machine.lab(word);

        assertThat(help.status()).isZero();
        assertThat(help.out()).isEqualTo(Files.readString(REPOSITORY.resolve("build/lab-help.txt")));
        assertThat(machine.packageManagerCalls()).isEmpty();
        assertThat(machine.repository().resolve(".lab")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"version", "--version", "-V"})
    void theVersionIsTheProjectsAndNeedsNeitherJdkNorBuild(String word) throws Exception {
        StubMachine machine = StubMachine.bare(directory, StubMachine.DEBIAN);

        assertThat(machine.lab(word).out()).matches("vpc-eni-ipam [0-9.]+(-SNAPSHOT)?\n");

        machine.program("git", "case $1 in rev-parse) echo 0123456789ab ;; status) echo ' M lab' ;; esac");
        assertThat(machine.lab(word).out()).endsWith(" (commit 0123456789ab, changed)\n");
    }

    @Test
    void aCommandThatThereIsNotIsRefusedBeforeAnythingIsInstalled() throws Exception {
        StubMachine machine = StubMachine.bare(directory, StubMachine.DEBIAN);
        machine.aptGet();

        Program.Result refused = machine.lab("dmeo");

        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.err()).isEqualTo("lab: there is no command 'dmeo'; './lab help' lists them\n");
        assertThat(machine.packageManagerCalls()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"list, 0", "ls, 0", "status, 1", "logs, 1", "down, 1"})
    void whereNoLabRunsThatIsSaidWithoutABuild(String command, int status) throws Exception {
        StubMachine machine = StubMachine.bare(directory, StubMachine.DEBIAN);
        machine.aptGet();

        Program.Result said = machine.lab(command);

        assertThat(said.status()).isEqualTo(status);
        assertThat(said.out() + said.err()).endsWith("no lab runs: './lab up' starts one\n");
        assertThat(machine.packageManagerCalls()).isEmpty();
        assertThat(machine.repository().resolve(".lab")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"list", "ls"})
    void aCommandWithAShortNameHasBothInACheckoutThatIsNotBuilt(String command) throws Exception {
        StubMachine machine = StubMachine.complete(directory);

        assertThat(machine.lab(command, "--help").out()).endsWith(": " + command + " --help\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"list", "ls", "status", "logs", "down"})
    void aLabThatIsUpIsReachedWithTheLastGoodBuild(String command) throws Exception {
        StubMachine machine = StubMachine.complete(directory);
        machine.lab("up");
        Files.createDirectories(directory.resolve("machine/run/vpc-eni-lab/lab"));
        Files.writeString(machine.repository().resolve("config/src/Source.java"), "changed");
        machine.maven("echo '[ERROR] Source.java: cannot find symbol'; exit 1");
        assertThat(machine.lab("up").status()).isEqualTo(1);

        Program.Result reached = machine.lab(command);

        assertThat(reached.out()).endsWith(": " + command + "\n");
        assertThat(reached.err()).isEmpty();
        assertThat(machine.javaArguments())
                .anySatisfy(argument -> assertThat(argument).endsWith("/.lab/last-build/a.jar"));
    }

    @Test
    void aBuildShowsItsModulesInPlainLinesWhereThereIsNoTerminal() throws Exception {
        StubMachine machine = StubMachine.complete(directory);
        machine.maven("echo '[INFO] Building ipamd 0.1.0-SNAPSHOT    [7/10]'; sleep 2; make_all");

        String said = machine.lab("demo").err();

        assertThat(said).containsPattern("(?m)^lab: building ipamd \\(7 of 10\\), \\d+ s$");
        assertThat(said).containsPattern("(?m)^lab: built in \\d+ s$");
        assertThat(said).doesNotContain("\u001b").doesNotContain("\r");
    }

    @Test
    void aSecondCommandBuildsNothing() throws Exception {
        StubMachine machine = StubMachine.complete(directory);
        machine.lab("demo");

        assertThat(machine.lab("demo").err()).isEmpty();
    }

    @Test
    void aFailedBuildShowsItsErrorsAndIsNotTakenForBuilt() throws Exception {
        StubMachine machine = StubMachine.complete(directory);
        machine.maven("make_all; echo '[INFO] a line'; echo '[ERROR] Pool.java: cannot find symbol'; exit 1");

        Program.Result failed = machine.lab("demo");

        assertThat(failed.status()).isEqualTo(1);
        assertThat(failed.err())
                .contains("[ERROR] Pool.java")
                .doesNotContain("a line")
                .contains(".lab/build.log");
        assertThat(failed.out()).isEmpty();
        assertThat(machine.repository().resolve(".lab/built")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    void anInterruptedBuildEndsWithItsChildrenAndIsNotTakenForBuilt(String signal)
            throws IOException, InterruptedException {
        StubMachine machine = StubMachine.complete(directory);
        machine.lab("demo"); // of before: same sources, built
        Path child = directory.resolve("child");
        Program.of("mkfifo", child.toString()).run();
        Files.writeString(machine.repository().resolve("config/src/Source.java"), "changed");
        machine.maven("make_all; sh -c 'echo $$ >" + child + "; exec sleep 600'");

        Path errors = directory.resolve("errors");
        Process lab = machine.start(errors, "demo");
        long sleeper = Long.parseLong(Files.readString(child).strip());
        Program.of("kill", "-" + signal, "" + lab.pid()).run();

        assertThat(lab.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(lab.exitValue()).isEqualTo(signal.equals("INT") ? 130 : 143);
        assertThat(ProcessHandle.of(sleeper).filter(ProcessHandle::isAlive)).isEmpty();
        assertThat(Files.readString(errors)).contains("what was not finished does not count as built");
        Files.writeString(machine.repository().resolve("config/src/Source.java"), "");
        machine.maven("make_all; echo '[INFO] Building config 1 [1/2]'");
        assertThat(machine.lab("demo").err()).contains("lab: built in");
    }

    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143", "HUP, 129"})
    @Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // a bound for a hang
    void aSignalBeforeTheCommandBeginsIsAnswered(String signal, int status) throws IOException, InterruptedException {
        StubMachine machine = StubMachine.complete(directory);
        Path lock = machine.repository().resolve(".lab/lock");
        Files.createDirectories(lock.getParent());
        Process otherBuild = new ProcessBuilder("flock", lock.toString(), "cat").start();
        try (Writer open = otherBuild.outputWriter(UTF_8)) {
            open.write("held\n");
            open.flush();
            assertThat(otherBuild.inputReader(UTF_8).readLine()).isEqualTo("held");
            Path errors = directory.resolve("errors");
            Program.of("mkfifo", errors.toString()).run();
            try (RandomAccessFile said =
                    new RandomAccessFile(errors.toFile(), "rw")) { // opened so, it waits for nobody
                Process lab = machine.start(errors, "up");
                assertThat(said.readLine()).contains("another build runs in this checkout");
                Program.of("kill", "-" + signal, "" + lab.pid()).run();

                assertThat(said.readLine()).isEqualTo("lab: interrupted before the command began; nothing was started");
                assertThat(lab.waitFor(1, TimeUnit.MINUTES)).isTrue();
                assertThat(lab.exitValue()).isEqualTo(status);
            }
        } finally {
            otherBuild.destroy();
        }
    }

    @Test
    void verifyShowsTheClassThatRuns() throws Exception {
        StubMachine machine = StubMachine.complete(directory);
        machine.maven("""
                echo '[INFO] Building warm-pool 0.1.0-SNAPSHOT    [4/10]'
                echo '[INFO] Running io.vpceni.pool.WarmPoolTest'
                sleep 2
                make_all
                """);

        Program.Result verified = machine.lab("verify");

        assertThat(verified.err()).containsPattern("(?m)^lab: testing warm-pool \\(4 of 10\\): WarmPoolTest, \\d+ s$");
        assertThat(verified.err()).doesNotContain("[INFO]");
        assertThat(verified.out()).endsWith("2 passed, 0 failed, 2 skipped\n");
    }

    /// JMH's own classes need it; nothing else may have it.
    @Test
    void onlyJmhMayUseUnsafe() throws Exception {
        StubMachine machine = StubMachine.complete(directory);
        String access = "--sun-misc-unsafe-memory-access=";

        machine.lab("jmh");
        assertThat(machine.javaArguments().stream().filter(argument -> argument.startsWith(access)))
                .last()
                .isEqualTo(access + "allow");
        machine.lab("ec2");
        assertThat(machine.javaArguments().stream().filter(argument -> argument.startsWith(access)))
                .containsExactly(access + "deny");
    }

    @Test
    void verifyShowsHowManyTestsThatNeedRootAreDone() throws Exception {
        StubMachine machine = StubMachine.complete(directory);
        machine.maven("make_all");
        machine.testsPrint("""
                JUnit Jupiter > RestartTest > one() :: STARTED
                JUnit Jupiter > RestartTest > one() :: SUCCESSFUL
                JUnit Jupiter > RestartTest > two() :: STARTED
                JUnit Jupiter > RestartTest > two() :: FAILED
                JUnit Jupiter > FabricTest > three(String) > [1] a :: STARTED
                """);

        assertThat(machine.lab("verify").err())
                .containsPattern("(?m)^lab: testing as root: FabricTest, 2 tests done, 1 failed, \\d+ s$");
    }

    @ParameterizedTest
    @ValueSource(strings = {"verify", "contract"})
    void aFailedTestIsNamedWithWhatItSays(String command) throws Exception {
        StubMachine machine = StubMachine.complete(directory);
        machine.testsFail("""
                <?xml version="1.0" encoding="UTF-8"?>
                <testsuite name="JUnit Jupiter" tests="2" skipped="0" failures="1" errors="0" time="0.1">
                <testcase name="good()" classname="io.vpceni.PoolTest" time="0">
                </testcase>
                <testcase name="bad(String)[1]" classname="io.vpceni.PoolTest" time="0">
                <failure message="Expected &lt;9&gt;&#10;but" type="AssertionError"><![CDATA[AssertionError: Expected <9>
                but was & is 8
                \tat java.base/jdk.Reflect.run(Reflect.java:3)
                \tat io.vpceni.PoolTest.bad(PoolTest.java:2)
                ]]></failure>
                <system-out><![CDATA[
                unique-id: [engine:junit-jupiter]
                ]]></system-out>
                </testcase>
                </testsuite>
                """.translateEscapes());

        Program.Result failed = machine.lab(command);

        assertThat(failed.status()).isEqualTo(1);
        assertThat(failed.err()).contains("""
                lab: failed: io.vpceni.PoolTest.bad(String)[1]
                    AssertionError: Expected <9>
                    but was & is 8
                  \tat io.vpceni.PoolTest.bad(PoolTest.java:2)
                """.translateEscapes()).doesNotContain("good()", "unique-id");
    }

    @Test
    void aVerifyWhoseBuildFailsReadsNothingFromTheTerminal() throws IOException, InterruptedException {
        StubMachine machine = StubMachine.complete(directory);
        machine.maven("echo '[ERROR] Pool.java: cannot find symbol'; exit 1");

        Process lab = machine.start(directory.resolve("errors"), "verify"); // its standard input stays open

        assertThat(lab.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(lab.exitValue()).isEqualTo(1);
        assertThat(new String(lab.getInputStream().readAllBytes(), UTF_8)).endsWith("0 passed, 1 failed, 0 skipped\n");
    }

    @Test
    void contractWritesOneWellFormedReportWhereTheCallerIs() throws Exception {
        StubMachine machine = StubMachine.complete(directory);

        assertThat(machine.lab("contract", "--junit", "report.xml").status()).isZero();

        Element suites = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(
                        Files.readString(directory.resolve("report.xml")).getBytes(UTF_8)))
                .getDocumentElement();
        assertThat(suites.getTagName()).isEqualTo("testsuites");
        assertThat(suites.getAttribute("tests")).isEqualTo("4");
        assertThat(suites.getAttribute("skipped")).isEqualTo("2");
        assertThat(suites.getElementsByTagName("testsuite").getLength()).isEqualTo(2);
    }

    @Test
    void mutateCountsTheMutantsOfEachPackageAndNamesThoseThatSurvived() throws IOException {
        StubMachine machine = StubMachine.complete(directory);
        machine.maven("""
                mkdir -p warm-pool/target/pit-reports
                cat >warm-pool/target/pit-reports/mutations.xml <<'X'
                <?xml version="1.0" encoding="UTF-8"?>
                <mutations partial="true">
                <mutation detected='true' status='KILLED' numberOfTestsRun='1'><mutatedClass>io.vpceni.pool.Lag</mutatedClass><mutatedMethod>of</mutatedMethod><lineNumber>7</lineNumber><description>changed conditional boundary</description></mutation>
                <mutation detected='true' status='TIMED_OUT' numberOfTestsRun='1'><mutatedClass>io.vpceni.pool.Lag</mutatedClass><mutatedMethod>of</mutatedMethod><lineNumber>8</lineNumber><description>changed conditional boundary</description></mutation>
                <mutation detected='false' status='SURVIVED' numberOfTestsRun='1'><mutatedClass>io.vpceni.pool.Lag</mutatedClass><mutatedMethod>&lt;init&gt;</mutatedMethod><lineNumber>3</lineNumber><description>removed call to io/vpceni/pool/Lag::check</description></mutation>
                <mutation detected='false' status='NO_COVERAGE' numberOfTestsRun='0'><mutatedClass>io.vpceni.pool.policy.Steady</mutatedClass><mutatedMethod>want</mutatedMethod><lineNumber>12</lineNumber><description>replaced return value with &quot;&quot; for io/vpceni/pool/policy/Steady::want</description></mutation>
                </mutations>
                X
                """);

        Program.Result mutated = machine.lab("mutate");

        assertThat(mutated.out()).isEqualTo("""
                package                             mutants   killed   survived      no test   score
                io.vpceni.pool                            3        2          1            0   66.7%
                io.vpceni.pool.policy                     1        0          0            1    0.0%
                all                                       4        2          1            1   50.0%
                """);
        assertThat(machine.repository().resolve(".lab/mutants-survived.txt")).hasContent("""
                io.vpceni.pool.Lag:3 <init>: removed call to Lag::check
                io.vpceni.pool.policy.Steady:12 want: replaced return value with "" for Steady::want (no test runs this line)
                """);
    }

    @Test
    void mutateSaysWhenThereIsNothingToMutate() throws IOException {
        StubMachine machine = StubMachine.complete(directory);

        Program.Result mutated = machine.lab("mutate", "io.vpceni.polo");

        assertThat(mutated.status()).isEqualTo(1);
        assertThat(mutated.err()).endsWith("lab: nothing to mutate in io.vpceni.polo\n");
    }

    @Test
    void contractRefusesWhatItDoesNotKnow() throws IOException {
        StubMachine machine = StubMachine.complete(directory);

        Program.Result refused = machine.lab("contract", "--junti", "report.xml");

        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.err()).isEqualTo("lab: contract takes --junit FILE and --no-install, not '--junti'\n");
    }
}
