package io.vpceni.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vpceni.lab.ec2.EmulatedEc2;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `docs/ec2-emulation.md`, "With the AWS CLI", typed into a terminal: what it prints is what the page shows.
///
/// Other than on the page are the ports, which are any that are free, and times.
@Timeout(300)
class TranscriptTest {
    private static final String SECTION = "## With the AWS CLI";
    private static final String END = "step-is-over ";
    private static final int PORT_ON_PAGE = 4580;
    private static final int CONTROL_PORT_ON_PAGE = 4581;

    @TempDir
    private Path directory;

    @Test
    void thePagePrintsWhatItShows() throws IOException, InterruptedException {
        Path aws = AwsCli.directory();
        String page =
                Files.readString(Path.of(System.getProperty("repository.root", "../.."), "docs", "ec2-emulation.md"));
        int start = page.indexOf(SECTION);
        String section = page.substring(start, page.indexOf("\n## ", start + SECTION.length()));
        int port = freePort();
        int controlPort = freePort();
        writeLab(port, controlPort);
        String inTheFirstTerminal = section.lines()
                .filter(line -> line.startsWith("    ./lab ec2"))
                .findFirst()
                .orElseThrow()
                .strip();

        Process emulation = shell(aws, inTheFirstTerminal);
        try {
            awaitLine(emulation.inputReader(StandardCharsets.UTF_8), "Make it misbehave");
            List<Transcript.Step> steps = Transcript.of(section).steps();
            List<String> shown = new ArrayList<>();
            steps.forEach(step -> shown.addAll(lines(step.command(), step.printed())));

            assertThat(steps).hasSizeGreaterThan(15);
            assertThat(typed(aws, steps, port, controlPort)).isEqualTo(shown);
        } finally {
            emulation.descendants().forEach(ProcessHandle::destroy);
            emulation.destroy();
        }
    }

    /// What a person who types the page sees, command by command.
    private List<String> typed(Path aws, List<Transcript.Step> steps, int port, int controlPort) throws IOException {
        List<String> seen = new ArrayList<>();
        Process terminal = shell(aws, "exec bash --norc 2>&1");
        try (Writer keyboard = terminal.outputWriter(StandardCharsets.UTF_8);
                BufferedReader screen = terminal.inputReader(StandardCharsets.UTF_8)) {
            for (Transcript.Step step : steps) {
                String command = step.command().replace(":" + PORT_ON_PAGE, ":" + port);
                keyboard.write(command + "\necho \"\n" + END + "\"\n");
                keyboard.flush();
                List<String> printed = awaitLine(screen, END).stream()
                        .map(line -> line.replace(":" + port, ":" + PORT_ON_PAGE)
                                .replace(":" + controlPort, ":" + CONTROL_PORT_ON_PAGE))
                        .toList();
                seen.addAll(lines(step.command(), printed));
            }
        } finally {
            terminal.destroy();
        }
        return seen;
    }

    /// Without empty lines, and with one blank for many: columns are as wide as times need.
    private static List<String> lines(String command, List<String> printed) {
        return Stream.concat(Stream.of("$ " + command), printed.stream())
                .map(line -> line.replaceFirst("^aws: \\[ERROR\\]: ", "")) // as newer ones begin
                .map(line -> line.replaceAll("\\b[0-9]+\\.[0-9]\\b(?= |$)", "N")
                        .replaceAll("\\s+", " ")
                        .strip())
                .filter(line -> !line.isEmpty())
                .toList();
    }

    /// The lines before the one that begins with the text.
    private static List<String> awaitLine(BufferedReader from, String start) throws IOException {
        List<String> before = new ArrayList<>();
        for (String line = from.readLine(); line != null; line = from.readLine()) {
            if (line.startsWith(start)) {
                return before;
            }
            before.add(line);
        }
        throw new IOException("ended without '" + start + "': " + before);
    }

    /// `./lab` as the page calls it, of these classes and on these ports.
    private void writeLab(int port, int controlPort) throws IOException {
        List<String> java = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1"));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--enable-native"))
                .forEach(java::add);
        java.addAll(List.of("-cp", "'" + System.getProperty("java.class.path") + "'", Lab.class.getName()));
        Path lab = directory.resolve("lab");
        Files.writeString(lab, """
                #!/bin/sh
                case "$2" in
                fault | calls) exec %1$s "$@" --control http://127.0.0.1:%3$d ;;
                *) exec %1$s "$@" --port %2$d --control-port %3$d ;;
                esac
                """.formatted(String.join(" ", java), port, controlPort));
        Files.setPosixFilePermissions(lab, PosixFilePermissions.fromString("rwx------"));
    }

    /// With nothing of the user's own settings for AWS.
    private Process shell(Path aws, String command) throws IOException {
        ProcessBuilder shell = new ProcessBuilder("bash", "--norc", "-c", command)
                .directory(directory.toFile())
                .redirectErrorStream(true);
        shell.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
        shell.environment().put("HOME", directory.toString());
        shell.environment().put("PATH", aws + ":" + System.getenv().getOrDefault("PATH", "/usr/bin:/bin"));
        return shell.start();
    }

    private static int freePort() throws IOException {
        try (ServerSocket any = new ServerSocket(0, 1, EmulatedEc2.loopback().getAddress())) {
            return any.getLocalPort();
        }
    }
}
