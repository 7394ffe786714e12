package io.vpceni.lab.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// LocalStack as a process: its port, its end, what a killed one leaves, and that another's is used where it is named.
@Tag("root")
class LocalStackProcessTest {
    @Test
    void aPortThatWasTakenMeanwhileIsNotTheLast() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Deque<Integer> ports = new ArrayDeque<>(List.of(taken.getLocalPort(), freePort()));

            try (LocalStackProcess localStack = TestLocalStack.process(ports::removeFirst)) {
                assertThat(localStack.endpoint().getPort()).isNotEqualTo(taken.getLocalPort());
            }
        }
    }

    @Test
    void aMachineWithoutAFreePortIsToldInOneLine() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> {
                        try (LocalStackProcess localStack = TestLocalStack.process(taken::getLocalPort)) {
                            assertThat(localStack).isNull();
                        }
                    })
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("127.0.0.1:" + taken.getLocalPort())
                    .hasMessageNotContaining("\n");
        }
    }

    @Test
    void anEndedLocalStackLeavesNothing() throws IOException {
        URI endpoint;
        try (LocalStackProcess localStack = TestLocalStack.process(LocalStackProcessTest::freePort)) {
            endpoint = localStack.endpoint();
            assertThat(endpoint.getHost()).isEqualTo("127.0.0.1");
        }

        assertThat(HttpWire.answers(endpoint.resolve("/_localstack/health"), Duration.ofSeconds(1)))
                .isFalse();
    }

    @Test
    void whatAKilledLabLeftIsTakenAwayWithItsProcesses() throws IOException, InterruptedException {
        Path left = Files.createDirectories(Path.of("/run/vpc-eni-localstack/localstack-" + deadPid() + "-test"));
        Files.writeString(left.resolve("log"), "said before it was killed");
        Process stray = new ProcessBuilder("cat").directory(left.toFile()).start();

        LocalStackProcess.eraseAbandoned();

        assertThat(stray.waitFor()).isNotZero();
        assertThat(left).doesNotExist();
    }

    @Test
    void theOneThatTheEnvironmentNamesIsUsedAndOutlivesTheLab() throws IOException {
        try (LocalStackProcess separate = TestLocalStack.process(LocalStackProcessTest::freePort)) {
            URI given = separate.endpoint();
            LocalStackBackend backend = LocalStackBackend.start(
                    TestLocalStack.home(),
                    Map.of("LOCALSTACK_ENDPOINT", given.toString()),
                    InstantSource.system(),
                    _ -> {});
            try (backend;
                    HttpWire ec2 = new HttpWire(backend.endpoint())) {
                assertThat(backend.origin()).contains(given.toString());
                assertThat(ec2.ask("DescribeVpcs", Map.of()).getTagName()).isEqualTo("DescribeVpcsResponse");
            }

            assertThat(HttpWire.answers(given.resolve("/_localstack/health"), Duration.ofSeconds(5)))
                    .isTrue();
        }
    }

    private static long deadPid() throws IOException, InterruptedException {
        Process ended = new ProcessBuilder("true").start();
        int _ = ended.waitFor();
        return ended.pid();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
