package io.vpceni.cni;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.vpceni.rpc.CniAnswer;
import io.vpceni.rpc.Variable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The executable itself, as a runtime runs it.
@Timeout(60)
class ExecutableTest {
    private static final Path EXECUTABLE = Path.of("target", "vpc-eni").toAbsolutePath();
    private static final int BYTES_MAX = 3 << 20;

    @TempDir
    private Path directory;

    private record Outcome(int exitCode, byte[] stdout, String stderr) {
        String text() {
            return new String(stdout, UTF_8);
        }

        int code() {
            return CniError.read(stdout).code();
        }
    }

    @Test
    void isSmallAndStatic() throws IOException {
        byte[] elf = Files.readAllBytes(EXECUTABLE);

        assertThat(elf).hasSizeLessThanOrEqualTo(BYTES_MAX).startsWith(0x7f, 'E', 'L', 'F');
        // A dynamic executable names its interpreter.
        assertThat(new String(elf, ISO_8859_1)).doesNotContain("/ld-linux");
    }

    @Test
    void answersVersion() throws IOException, InterruptedException {
        Outcome outcome = run(Map.of("CNI_COMMAND", "VERSION"), "{\"cniVersion\":\"1.0.0\"}");

        assertThat(outcome.text())
                .isEqualTo(
                        "{\"cniVersion\":\"1.0.0\",\"supportedVersions\":[\"0.3.1\",\"0.4.0\",\"1.0.0\",\"1.1.0\"]}");
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.stderr()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"'',{},4", "NOPE,{},4", "ADD,{broken,6", "ADD,[],6", "ADD,'',6"})
    void refusesWhatIsNoRequest(String command, String stdin, int code) throws IOException, InterruptedException {
        Outcome outcome = run(command.isEmpty() ? Map.of() : Map.of("CNI_COMMAND", command), stdin);

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.code()).isEqualTo(code);
        assertThat(outcome.stderr()).isEmpty();
    }

    @Test
    void refusesNestingWithoutEndAndConfigurationsWithoutEnd() throws IOException, InterruptedException {
        assertThat(run(Map.of("CNI_COMMAND", "ADD"), "[".repeat(1_000_000)).code())
                .isEqualTo(6);
        assertThat(run(Map.of("CNI_COMMAND", "ADD"), " ".repeat((1 << 20) + 1)).code())
                .isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource({"ADD,0,11,0", "ADD,1,11,700", "DEL,1,11,700", "STATUS,60,50,0", "CHECK,60,11,0", "GC,60,11,0"})
    void saysThatIpamdIsAwayOnceItHasWaited(String command, int seconds, int code, long millisMin)
            throws IOException, InterruptedException {
        long start = System.nanoTime();

        Outcome outcome = run(Map.of("CNI_COMMAND", command), configuration(seconds));

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.code()).isEqualTo(code);
        assertThat(outcome.text()).contains(socket() + " (ENOENT", "is the vpc-eni pod of this node running?");
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isGreaterThanOrEqualTo(millisMin);
    }

    @Test
    void keepsADelForAnIpamdThatIsAway() throws IOException, InterruptedException {
        Map<String, String> del = Map.of("CNI_COMMAND", "DEL", "CNI_CONTAINERID", "c1", "CNI_IFNAME", "eth0");

        Outcome first = run(del, configuration(60));
        Outcome second = run(del, configuration(60));

        assertThat(List.of(first.exitCode(), second.exitCode())).containsExactly(0, 0);
        assertThat(first.text() + first.stderr()).isEmpty();
        Path spool = socket().resolveSibling("spool");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(spool)))
                .isEqualTo("rwx------");
        try (Stream<Path> files = Files.list(spool)) {
            assertThat(files.sorted().toList()).hasSize(2).allSatisfy(file -> {
                assertThat(file.getFileName().toString()).matches("[0-9a-f]{16}-[0-9a-f]{16}");
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .isEqualTo("rw-------");
                assertThat(Files.readString(file, ISO_8859_1))
                        .startsWith("vpc-eni-del 1 "
                                + Files.readString(Path.of("/proc/sys/kernel/random/boot_id"))
                                        .strip()
                                + " ");
            });
        }
        for (int i = 0; i < 4094; i++) {
            Files.createFile(spool.resolve("full-" + i));
        }
        assertThat(run(del, configuration(0)).text()).contains("has 4096 DELs already");
    }

    @Test
    void statusIsGoodForAMinuteAfterIpamdServed() throws IOException, InterruptedException {
        Path served = Files.writeString(socket().resolveSibling("served"), "\n");
        assertThat(run(Map.of("CNI_COMMAND", "STATUS"), configuration(60)).exitCode())
                .isZero();

        Files.setLastModifiedTime(
                served,
                FileTime.from(Files.getLastModifiedTime(served).toInstant().minusSeconds(120)));
        assertThat(run(Map.of("CNI_COMMAND", "STATUS"), configuration(60)).code())
                .isEqualTo(50);
        Files.delete(served);
    }

    @Test
    void waitsForAnIpamdThatComesLaterAndTellsItWhenTheWaitBegan() throws IOException, InterruptedException {
        long before = System.nanoTime();
        Process plugin = start(Map.of("CNI_COMMAND", "ADD"), configuration(50));
        assertThat(plugin.waitFor(100, TimeUnit.MILLISECONDS)).isFalse();
        long waited = System.nanoTime();
        try (GrpcPeer peer = new GrpcPeer(socket(), _ -> answer(0, "{\"late\":true}"))) {
            assertThat(outcome(plugin).text()).isEqualTo("{\"late\":true}");
            assertThat(peer.requests)
                    .singleElement()
                    .satisfies(request -> assertThat(request.getBeganNanos()).isBetween(before, waited));
        }
    }

    @Test
    void aSocketWhoseQueueIsFullIsAnIpamdThatIsAway() throws IOException, InterruptedException {
        List<SocketChannel> open = new ArrayList<>();
        try (ServerSocketChannel deaf = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            deaf.bind(UnixDomainSocketAddress.of(socket()), 1);
            for (int i = 0; i < 2; i++) { // a backlog of one takes two
                open.add(SocketChannel.open(UnixDomainSocketAddress.of(socket())));
            }

            Outcome outcome = run(Map.of("CNI_COMMAND", "ADD"), configuration(0));

            assertThat(outcome.code()).isEqualTo(11);
            assertThat(outcome.text()).contains("(EAGAIN");
        } finally {
            for (SocketChannel connection : open) {
                connection.close();
            }
        }
    }

    @Test
    void carriesAnAddToIpamdAndBack() throws IOException, InterruptedException {
        String stdin = configuration(5);
        try (GrpcPeer peer = new GrpcPeer(socket(), _ -> answer(0, "{\"ips\":[\"ü\"]}\n"))) {
            Outcome outcome = run(
                    Map.of("CNI_COMMAND", "ADD", "CNI_CONTAINERID", "c1", "CNI_IFNAME", "eth0", "CNI_ARGS", "A=größer"),
                    stdin);

            assertThat(outcome.text()).isEqualTo("{\"ips\":[\"ü\"]}\n");
            assertThat(outcome.exitCode()).isZero();
            assertThat(peer.requests).singleElement().satisfies(request -> {
                assertThat(request.getProtocol()).isEqualTo(1);
                assertThat(request.getStdin().toStringUtf8()).isEqualTo(stdin);
                assertThat(request.getEnvironmentList())
                        .contains(Variable.newBuilder()
                                .setName("CNI_ARGS")
                                .setValue("A=größer")
                                .build());
                assertThat(request.getNetnsNonce().isEmpty()).isTrue();
            });
        }
    }

    @Test
    void printsTheCniErrorOfIpamdAndFails() throws IOException, InterruptedException {
        try (GrpcPeer peer = new GrpcPeer(socket(), _ -> answer(1, "{\"code\":7,\"msg\":\"no\"}"))) {
            Outcome outcome = run(Map.of("CNI_COMMAND", "ADD"), configuration(5));

            assertThat(outcome.exitCode()).isEqualTo(1);
            assertThat(outcome.text()).isEqualTo("{\"code\":7,\"msg\":\"no\"}");
            assertThat(peer.requests).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {70_000, 900_000})
    void carriesLargeRequestsAndAnswersUnharmed(int bytes) throws IOException, InterruptedException {
        byte[] answer = new byte[4_000_000];
        for (int i = 0; i < answer.length; i++) {
            answer[i] = (byte) (i * 31 + (i >> 8));
        }
        String stdin = configuration(5) + " ".repeat(bytes);
        try (GrpcPeer peer = new GrpcPeer(
                socket(),
                _ -> CniAnswer.newBuilder()
                        .setStdout(ByteString.copyFrom(answer))
                        .build())) {
            Outcome outcome = run(Map.of("CNI_COMMAND", "GC"), stdin);

            assertThat(Arrays.equals(outcome.stdout(), answer)).isTrue();
            assertThat(peer.requests)
                    .singleElement()
                    .satisfies(request ->
                            assertThat(request.getStdin().toStringUtf8()).isEqualTo(stdin));
        }
    }

    @ParameterizedTest
    @CsvSource({"/no/such/netns,2", "/dev/null/x,20"})
    void tellsIpamdWhyTheNamespaceCannotBeOpened(String path, int errno) throws IOException, InterruptedException {
        try (GrpcPeer peer = new GrpcPeer(socket(), _ -> answer(0, ""))) {
            Outcome outcome = run(Map.of("CNI_COMMAND", "ADD", "CNI_NETNS", path), configuration(5));

            assertThat(outcome.exitCode()).isZero();
            assertThat(outcome.stdout()).isEmpty();
            assertThat(peer.requests)
                    .singleElement()
                    .satisfies(request -> assertThat(request.getNetnsErrno()).isEqualTo(errno));
        }
    }

    @Test
    void withoutASocketForNamespacesIpamdIsAway() throws IOException, InterruptedException {
        try (GrpcPeer peer = new GrpcPeer(socket(), _ -> answer(0, ""))) {
            Outcome outcome = run(Map.of("CNI_COMMAND", "ADD", "CNI_NETNS", "/proc/self/ns/net"), configuration(0));

            assertThat(outcome.code()).isEqualTo(11);
            assertThat(outcome.text()).contains("ipamd did not take the network namespace (ENOENT");
            assertThat(peer.requests).isEmpty();
        }
    }

    @Test
    void aSocketPathThatNoSocketCanHaveIsToldAndNotCutOff() throws IOException, InterruptedException {
        String tooLong = "/run/" + "ü".repeat(50) + "/ipamd.sock"; // 66 characters, 116 bytes

        Outcome outcome = run(Map.of("CNI_COMMAND", "STATUS"), "{\"ipamdSocket\":\"" + tooLong + "\"}");

        assertThat(outcome.code()).isEqualTo(50);
        assertThat(outcome.text()).contains("ENAMETOOLONG");
    }

    @Test
    void stdinThatNeverEndsEndsAsAnError() throws IOException, InterruptedException {
        Process plugin = startWithPipes("ADD");
        plugin.getOutputStream().write('{');
        plugin.getOutputStream().flush();

        byte[] stdout = plugin.getInputStream().readAllBytes();

        assertThat(plugin.waitFor()).isEqualTo(1);
        assertThat(CniError.read(stdout).code()).isEqualTo(5);
        assertThat(CniError.read(stdout).msg()).contains("did not end within 10 s");
    }

    /// By SIGPIPE it would be 141.
    @Test
    void aReaderThatIsGoneIsAnErrorOnStderr() throws IOException, InterruptedException {
        Process plugin = startWithPipes("VERSION");
        plugin.getInputStream().close();
        plugin.getOutputStream().close(); // and now it answers

        assertThat(plugin.waitFor()).isEqualTo(1);
        assertThat(directory.resolve("stderr"))
                .content()
                .startsWith("vpc-eni: VERSION of c1 is answered, but nobody reads the answer on stdout (EPIPE");
    }

    /// The kernel lets the process have 3 MiB of data: enough to start, too little for this configuration.
    @Test
    void wantOfMemoryIsACniError() throws IOException, InterruptedException {
        Files.writeString(directory.resolve("stdin"), configuration(0) + " ".repeat(1_000_000));
        Process plugin = new ProcessBuilder(
                        "/bin/sh", "-c", "ulimit -d 3072 && CNI_COMMAND=ADD exec " + EXECUTABLE + " < stdin")
                .directory(directory.toFile())
                .redirectError(directory.resolve("stderr").toFile())
                .start();

        Outcome outcome = outcome(plugin);

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.code()).isEqualTo(100);
        assertThat(outcome.text()).contains("no more memory");
    }

    private Path socket() {
        return directory.resolve("ipamd.sock");
    }

    private String configuration(int waitSeconds) {
        return "{\"cniVersion\":\"1.0.0\",\"name\":\"vpc-eni\",\"ipamdSocket\":\"" + socket()
                + "\",\"ipamdWaitSeconds\":" + waitSeconds + "}";
    }

    private static CniAnswer answer(int exitCode, String stdout) {
        return CniAnswer.newBuilder()
                .setExitCode(exitCode)
                .setStdout(ByteString.copyFromUtf8(stdout))
                .build();
    }

    private Outcome run(Map<String, String> environment, String stdin) throws IOException, InterruptedException {
        return outcome(start(environment, stdin));
    }

    private Process start(Map<String, String> environment, String stdin) throws IOException {
        Path input = Files.writeString(directory.resolve("stdin"), stdin); // it may end before it has read all
        ProcessBuilder builder = new ProcessBuilder(EXECUTABLE.toString())
                .redirectInput(input.toFile())
                .redirectError(directory.resolve("stderr").toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.start();
    }

    private Process startWithPipes(String command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(EXECUTABLE.toString())
                .redirectError(directory.resolve("stderr").toFile());
        builder.environment().clear();
        builder.environment().putAll(Map.of("CNI_COMMAND", command, "CNI_CONTAINERID", "c1"));
        return builder.start();
    }

    private Outcome outcome(Process process) throws IOException, InterruptedException {
        byte[] stdout = process.getInputStream().readAllBytes();
        return new Outcome(process.waitFor(), stdout, Files.readString(directory.resolve("stderr")));
    }
}
