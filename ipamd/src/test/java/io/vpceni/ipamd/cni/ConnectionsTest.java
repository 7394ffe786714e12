package io.vpceni.ipamd.cni;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.StatusRuntimeException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A server with the JVM options of ipamd, and clients that want to end it. The plugin gets through meanwhile.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConnectionsTest {
    private static final Logger log = LoggerFactory.getLogger(ConnectionsTest.class);
    private static final int TRIES_MAX = 50; // as the plugin does when it is cut off

    private final Path socket;
    private final Process server;

    ConnectionsTest(@TempDir Path directory) throws IOException {
        socket = directory.resolve("ipamd.sock");
        server = start(socket);
    }

    @AfterAll
    void endTheServer() throws IOException, InterruptedException {
        server.getOutputStream().close();
        if (!server.waitFor(20, TimeUnit.SECONDS)) {
            server.destroyForcibly();
        }
    }

    enum Attack {
        /// Refused one by one by Netty.
        MANY_STREAMS("by RST_STREAM") {
            @Override
            void round(Path socket, Deque<RawConnection> open) throws IOException {
                RawConnection connection = new RawConnection(socket).greet();
                open.add(connection);
                RawConnection.streams(50_000).forEach(connection::headers);
                boolean _ = connection.send();
            }

            @Override
            boolean isRefused(String refusals, Deque<RawConnection> open) throws IOException {
                return open.getLast().hears(RawConnection.RST_STREAM);
            }
        },
        MANY_SILENT_CONNECTIONS("TOO_MANY_CONNECTIONS") {
            @Override
            void round(Path socket, Deque<RawConnection> open) throws IOException {
                for (int i = 0; i < 450; i++) {
                    open.add(new RawConnection(socket));
                }
            }
        },
        MANY_GREETED_CONNECTIONS("TOO_MANY_CONNECTIONS") {
            @Override
            void round(Path socket, Deque<RawConnection> open) throws IOException {
                for (int i = 0; i < 450; i++) {
                    RawConnection connection = new RawConnection(socket).greet();
                    open.add(connection);
                    RawConnection.streams(4).forEach(connection::headers);
                    boolean _ = connection.send();
                }
            }
        },
        HALF_MESSAGES("TOO_MANY_BYTES") {
            @Override
            void round(Path socket, Deque<RawConnection> open) throws IOException {
                for (int i = 0; i < 120; i++) {
                    RawConnection connection = new RawConnection(socket).greet();
                    open.add(connection);
                    boolean _ = connection
                            .headers(1)
                            .message(1, 'x', 3_000_000, 60_000)
                            .send();
                }
            }
        },
        WHOLE_MESSAGES_THAT_WAIT("TOO_MANY_BYTES") {
            @Override
            void round(Path socket, Deque<RawConnection> open) throws IOException {
                for (int i = 0; i < 120; i++) {
                    RawConnection connection = new RawConnection(socket).greet();
                    open.add(connection);
                    boolean _ = connection
                            .headers(1)
                            .message(1, 'w', 60_000, 60_000)
                            .send();
                }
            }
        },
        /// Ended by Netty's own bound, with GOAWAY.
        RESETS("by GOAWAY") {
            @Override
            void round(Path socket, Deque<RawConnection> open) throws IOException {
                RawConnection connection = new RawConnection(socket).greet();
                open.add(connection);
                RawConnection.streams(50_000)
                        .forEach(stream -> connection.headers(stream).reset(stream));
                boolean _ = connection.send();
            }

            @Override
            boolean isRefused(String refusals, Deque<RawConnection> open) throws IOException {
                return open.getLast().hears(RawConnection.GOAWAY);
            }
        };

        final String refusal;

        Attack(String refusal) {
            this.refusal = refusal;
        }

        abstract void round(Path socket, Deque<RawConnection> open) throws IOException;

        /// @param refusals that the server counted
        boolean isRefused(String refusals, Deque<RawConnection> open) throws IOException {
            return refusals.contains(refusal);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatever_a_client_does_ipamd_lives_and_the_plugin_gets_through(Attack attack) throws IOException {
        Deque<RawConnection> open = new ArrayDeque<>();
        try {
            for (int round = 0; round < 2; round++) {
                attack.round(socket, open);
                assertThat(call(socket, "d")).isEqualTo("hello");
            }

            log.info("{}: heap {}, closed {}", attack, call(socket, "h"), call(socket, "r"));
            assertThat(attack.isRefused(call(socket, "r"), open)).isTrue();
            assertThat(server.isAlive()).isTrue();
        } finally {
            open.forEach(RawConnection::close);
        }
    }

    private static Process start(Path socket) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        Files.readAllLines(Path.of(System.getProperty("repository.root"), "distribution/src/main/dist/jvm.options"))
                .stream()
                .filter(line -> line.startsWith("-"))
                .forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), AttackedServer.class.getName()));
        command.add(socket.toString());
        Process server = new ProcessBuilder(command).redirectErrorStream(true).start();
        BufferedReader lines = server.inputReader();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("serving true")) {
                Thread _ = Thread.ofVirtual().start(() -> lines.lines().forEach(_ -> {}));
                return server;
            }
        }
        throw new IOException("the server did not start");
    }

    private static String call(Path socket, String stdin) {
        for (int attempt = 1; ; attempt++) {
            try {
                return CniServerTest.call(socket, stdin);
            } catch (StatusRuntimeException e) {
                if (attempt == TRIES_MAX) {
                    throw e;
                }
            }
        }
    }
}
