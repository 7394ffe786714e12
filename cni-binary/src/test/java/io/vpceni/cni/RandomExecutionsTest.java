package io.vpceni.cni;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.vpceni.rpc.CniAnswer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Goal: no execution ends by a signal, and each that ends as a failure says so with a CNI error.
///
/// Method: one seed draws executions of all verbs, with usual and odd environments and configurations, against sockets
/// that are absent, refuse, close, break off, speak nonsense, stop or answer rightly.
///
/// Reproduce: `./mvnw -pl cni-binary -am test -Dtest=RandomExecutionsTest -Dsurefire.failIfNoSpecifiedTests=false
/// -Dexecutions.seed=SEED`; at length: with `-Dexecutions=100000` (ten minutes).
class RandomExecutionsTest {
    private static final Path EXECUTABLE = Path.of("target", "vpc-eni").toAbsolutePath();
    private static final int EXECUTIONS = Integer.getInteger("executions", 1_000);
    private static final long SEED = Long.getLong("executions.seed", 20_260_719);
    private static final int AT_A_TIME = 12;
    private static final long WAIT_MILLIS = 2_500; // one that waits longer is stopped: it would just go on
    private static final int SIGKILL = 9;

    @TempDir
    private Path directory;

    private final List<String> sockets = new ArrayList<>();
    private final List<ScriptedPeer> peers = new ArrayList<>();
    private final ScheduledExecutorService impatience = Executors.newSingleThreadScheduledExecutor();

    @BeforeEach
    void peersOfAllKinds() throws IOException {
        sockets.add(directory.resolve("absent").toString());
        Path refusing = directory.resolve("refusing");
        ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(refusing))
                .close(); // the file stays
        sockets.add(refusing.toString());
        byte[] right = Frames.answering(CniAnswer.newBuilder()
                .setStdout(ByteString.copyFromUtf8("{\"cniVersion\":\"1.0.0\"}"))
                .build()
                .toByteArray());
        peer("closing", (_, _) -> {});
        peer("right", (connection, _) -> answer(connection, right));
        peer(
                "breaking",
                (connection, number) ->
                        ScriptedPeer.write(connection, Arrays.copyOf(right, new Random(number).nextInt(right.length))));
        peer("nonsense", (connection, number) -> ScriptedPeer.write(connection, nonsense(new Random(number), right)));
        byte[] stopping =
                new Frames().settings().frame(Frames.GOAWAY, 0, 0, new byte[8]).bytes();
        peer("stopping", (connection, _) -> answer(connection, stopping));
        byte[] unavailable = new Frames()
                .settings()
                .trailers(":status", "200", "grpc-status", "14", "grpc-message", "%zz stopping")
                .bytes();
        peer("unavailable", (connection, _) -> answer(connection, unavailable));
    }

    @AfterEach
    void noPeers() throws IOException {
        impatience.shutdownNow();
        for (ScriptedPeer peer : peers) {
            peer.close();
        }
    }

    @Test
    void noneEndsByASignalOrWithoutAWord() throws InterruptedException, ExecutionException {
        Map<String, Integer> outcomes = new TreeMap<>();
        List<String> failures = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME)) {
            List<Future<String>> running = new ArrayList<>();
            for (int i = 0; i < EXECUTIONS; i++) {
                long seed = SEED + i;
                running.add(
                        threads.submit(() -> outcome(RandomExecution.draw(new Random(seed), sockets), WAIT_MILLIS)));
            }
            for (int i = 0; i < EXECUTIONS; i++) {
                String outcome = running.get(i).get();
                outcomes.merge(outcome, 1, Integer::sum);
                if (outcome.startsWith("!")) {
                    failures.add("seed " + (SEED + i) + ": " + outcome);
                }
            }
        }
        System.getLogger("executions").log(System.Logger.Level.INFO, "{0} executions: {1}", EXECUTIONS, outcomes);
        assertThat(failures).isEmpty();
        assertThat(outcomes.keySet()).as("what all was met").contains("0", "4", "5", "6", "7", "11", "100", "unread");
    }

    /// What an earlier executable met SIGSEGV with after half a minute; and at once, in a longer configuration.
    @ParameterizedTest
    @ValueSource(strings = {"13", "51"})
    void whatOnceEndedBySigsegvDoesNot(String name) throws IOException, InterruptedException {
        Map<String, String> environment = new TreeMap<>();
        resource(name + ".environment").lines().forEach(line -> {
            int equals = line.indexOf('=');
            environment.put(line.substring(0, equals), line.substring(equals + 1));
        });
        String configuration = resource(name + ".stdin");
        String longer = configuration.replace(
                "\"ipamdWaitSeconds\": 60",
                "\"x\": [" + "1,".repeat(12_500) + "1], \"ipamdWaitSeconds\": " + (EXECUTIONS >= 100_000 ? 60 : 0));

        assertThat(outcome(new RandomExecution(environment, longer.getBytes(UTF_8), true), 100_000))
                .isEqualTo("11");
        assertThat(outcome(
                        new RandomExecution(environment, configuration.getBytes(UTF_8), true),
                        EXECUTIONS >= 100_000 ? 100_000 : 1_000))
                .isIn("11", "waiting");
    }

    private String resource(String name) throws IOException {
        try (InputStream stream = getClass().getResourceAsStream("/crash/" + name)) {
            return new String(Objects.requireNonNull(stream, name).readAllBytes(), UTF_8);
        }
    }

    private void peer(String name, ScriptedPeer.Script script) {
        Path socket = directory.resolve(name);
        sockets.add(socket.toString());
        peers.add(new ScriptedPeer(socket, script));
    }

    private static void answer(SocketChannel connection, byte[] answer) throws IOException {
        ScriptedPeer.write(connection, answer);
        ScriptedPeer.drain(connection);
    }

    private static byte[] nonsense(Random random, byte[] right) {
        byte[] bytes = random.nextBoolean() ? right.clone() : new byte[random.nextInt(50_000)];
        if (bytes.length != right.length) {
            random.nextBytes(bytes);
        }
        for (int i = random.nextInt(8); i >= 0 && bytes.length > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
    }

    /// "0", the code of the CNI error, "unread", "waiting", or "!" and what is wrong.
    private String outcome(RandomExecution execution, long waitMillis) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(EXECUTABLE.toString()).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(execution.environment());
        Process plugin = builder.start();
        AtomicBoolean stopped = new AtomicBoolean();
        Future<?> end = impatience.schedule(
                () -> {
                    stopped.set(true);
                    plugin.toHandle().destroyForcibly(); // which leaves the streams open
                },
                waitMillis,
                TimeUnit.MILLISECONDS);
        if (!execution.readsAnswer()) {
            plugin.getInputStream().close();
        }
        try (OutputStream stdin = plugin.getOutputStream()) {
            stdin.write(execution.stdin());
        } catch (IOException _) {
            // it has heard enough
        }
        byte[] stdout = execution.readsAnswer() ? plugin.getInputStream().readAllBytes() : new byte[0];
        int exitCode = plugin.waitFor();
        end.cancel(false);
        return stopped.get() && exitCode == 128 + SIGKILL ? "waiting" : judged(execution, exitCode, stdout);
    }

    private static String judged(RandomExecution execution, int exitCode, byte[] stdout) {
        if (exitCode != 0 && exitCode != 1) {
            return "!exit code " + exitCode + (exitCode > 128 ? ", signal " + (exitCode - 128) : "");
        }
        if (exitCode == 0) {
            return "0"; // unread, too, when there was nothing to say
        }
        if (!execution.readsAnswer()) {
            return "unread";
        }
        try {
            CniError error = CniError.read(stdout);
            boolean bug =
                    error.msg().contains("the plugin met a bug") || error.msg().contains("no more memory");
            return (bug ? "!" + error.msg() : "") + error.code();
        } catch (AssertionError e) {
            return "!" + e.getMessage();
        }
    }
}
