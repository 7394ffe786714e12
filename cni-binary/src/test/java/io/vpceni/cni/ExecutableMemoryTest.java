package io.vpceni.cni;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.vpceni.rpc.CniAnswer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// How much memory an execution takes that never gives any back.
///
/// Measured as VmHWM (proc(5)): the most that was resident. 0.9 MB of it is the executable itself.
@Timeout(60)
class ExecutableMemoryTest {
    private static final Path EXECUTABLE = Path.of("target", "vpc-eni").toAbsolutePath();
    private static final long USUAL_KIB_MAX = 3 * 1024;
    private static final long LARGEST_KIB_MAX = 24 * 1024; // of the 32 MiB that it may have

    private static final String USUAL_ARGS =
            "IgnoreUnknown=1;K8S_POD_NAMESPACE=default;K8S_POD_NAME=web-5d4f8c7b9-abcde;"
                    + "K8S_POD_INFRA_CONTAINER_ID=" + "0123456789abcdef".repeat(4)
                    + ";K8S_POD_UID=01234567-89ab-cdef-0123-456789abcdef";

    @TempDir
    private Path directory;

    private final AtomicReference<@Nullable Process> plugin = new AtomicReference<>();

    @BeforeEach
    void theExecutableIsThere() {
        assertThat(EXECUTABLE).isExecutable();
    }

    @Test
    void aUsualAddTakesLittle() throws IOException, InterruptedException {
        long[] kib = {0};
        try (GrpcPeer peer = new GrpcPeer(socket(), _ -> {
            kib[0] = resident();
            return CniAnswer.newBuilder()
                    .setStdout(ByteString.copyFromUtf8("{}"))
                    .build();
        })) {
            start("ADD", USUAL_ARGS, "");

            assertThat(plugin().waitFor()).isZero();
            assertThat(peer.requests).hasSize(1);
        }
        assertThat(kib[0]).isPositive().isLessThan(USUAL_KIB_MAX);
    }

    /// What it takes for a hundred tries it has taken after the first.
    @Test
    void waitingTakesNothing() throws IOException, InterruptedException {
        start("ADD", USUAL_ARGS, "");
        long early = residentAfter(500);

        long late = residentAfter(5_000);

        plugin().destroyForcibly().waitFor();
        assertThat(late).isPositive().isLessThan(USUAL_KIB_MAX).isEqualTo(early);
    }

    /// The largest configuration and variables; and again and again the largest answer, which then breaks off.
    @Test
    void theLargestInputsStayBelowTheBound() throws IOException, InterruptedException {
        byte[] answer = new Frames().settings().responseHeaders().bytes();
        byte[] frame = new Frames().data(new byte[1 << 14]).bytes();
        long[] kib = new long[8];
        try (ScriptedPeer peer = new ScriptedPeer(socket(), (connection, number) -> {
            ScriptedPeer.write(connection, answer);
            for (int i = 0; i < (4 << 20) / (1 << 14); i++) {
                ScriptedPeer.write(connection, frame);
            }
            if (number < kib.length) {
                kib[number] = resident();
            } else {
                plugin().destroyForcibly();
            }
        })) {
            start("ADD", "x".repeat(65_000), ",\"x\":\"" + "\\u00fc".repeat(174_000) + "\"");
            plugin().waitFor();
            assertThat(peer.connections()).isGreaterThan(kib.length);
        }
        assertThat(kib[0]).isBetween(5L * 1024, LARGEST_KIB_MAX);
        assertThat(kib[kib.length - 1] - kib[0])
                .as("what seven more tries took")
                .isLessThan(256);
    }

    private Path socket() {
        return directory.resolve("ipamd.sock");
    }

    private Process plugin() {
        return Objects.requireNonNull(plugin.get(), "not started");
    }

    private void start(String command, String args, String member) throws IOException {
        Path stdin = Files.writeString(
                directory.resolve("stdin"),
                "{\"cniVersion\":\"1.0.0\",\"name\":\"vpc-eni\",\"type\":\"vpc-eni\",\"ipamdSocket\":\"" + socket()
                        + "\"" + member + "}");
        ProcessBuilder builder = new ProcessBuilder(EXECUTABLE.toString())
                .redirectInput(stdin.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment()
                .putAll(Map.of(
                        "CNI_COMMAND",
                        command,
                        "CNI_CONTAINERID",
                        "0123456789abcdef".repeat(4),
                        "CNI_NETNS",
                        "/var/run/netns/cni-01234567-89ab-cdef-0123-456789abcdef",
                        "CNI_IFNAME",
                        "eth0",
                        "CNI_ARGS",
                        args,
                        "CNI_PATH",
                        "/opt/cni/bin"));
        plugin.set(builder.start());
    }

    /// VmHWM of the plugin, in KiB. It may not have got so far as to be there.
    private long resident() {
        while (true) {
            @Nullable Process process = plugin.get();
            if (process != null) {
                try {
                    return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                            .filter(line -> line.startsWith("VmHWM:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                            .findFirst()
                            .orElseThrow();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            Thread.onSpinWait();
        }
    }

    private long residentAfter(long millis) throws InterruptedException {
        assertThat(plugin().waitFor(millis, TimeUnit.MILLISECONDS)).isFalse();
        return resident();
    }
}
