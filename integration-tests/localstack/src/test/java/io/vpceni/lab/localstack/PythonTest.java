package io.vpceni.lab.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PythonTest {
    @TempDir
    @SuppressWarnings("NullAway") // JUnit sets it
    private Path home;

    @Test
    void pathComesFirstAndThenTheOnesThatAUserInstalled() throws IOException {
        Path pyenv = Files.createDirectories(home.resolve(".pyenv/versions/3.11.7/bin"));
        Files.createDirectories(home.resolve(".pyenv/versions/3.12.1/bin"));

        assertThat(Python.candidates(Map.of("PATH", "/opt/tools/bin", "HOME", home.toString())))
                .startsWith(Path.of("/opt/tools/bin/python3.11"))
                .endsWith(pyenv.resolve("python3.11"));
    }

    @Test
    void aDockerSocketThatIsNotThereHasNoImage() {
        assertThat(DockerDaemon.of(Map.of("DOCKER_HOST", "unix://" + home.resolve("none.sock")))
                        .hasImage("localstack/localstack:4.14.0"))
                .isFalse();
    }

    @Test
    void anEndpointWhereNothingAnswersIsNamed() {
        assertThatThrownBy(() ->
                        LocalStackServer.start(home, Map.of("LOCALSTACK_ENDPOINT", "http://127.0.0.1:1"), _ -> {}))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("LOCALSTACK_ENDPOINT='http://127.0.0.1:1'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"4566", "localhost:4566", "http://", "file:///tmp", "http://a b"})
    void anEndpointThatIsNoAddressIsNamed(String given) {
        assertThatThrownBy(() -> LocalStackServer.start(home, Map.of("LOCALSTACK_ENDPOINT", given), _ -> {}))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("LOCALSTACK_ENDPOINT='" + given + "'")
                .hasMessageContaining("http://127.0.0.1:4566");
    }

    @Test
    void anImageThatIsNotThereIsNamed() {
        Path socket = home.resolve("none.sock");

        assertThatThrownBy(() -> LocalStackServer.start(
                        home, Map.of("LOCALSTACK_IMAGE", "a/b:1", "DOCKER_HOST", "unix://" + socket), _ -> {}))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("LOCALSTACK_IMAGE='a/b:1'")
                .hasMessageContaining(socket.toString());
    }

    @Test
    void aFailureNamesItsCauseInOneLineAndItsLog() {
        Path log = home.resolve("log");

        assertThatThrownBy(() -> Programs.run(
                        "it could not be installed",
                        List.of("sh", "-c", "echo begun; echo 'ERROR: no such wheel'; echo hint; exit 3"),
                        Map.of("PATH", "/usr/bin:/bin"),
                        log,
                        10))
                .isInstanceOf(IOException.class)
                .hasMessage("it could not be installed: sh ended with 3: ERROR: no such wheel (log: " + log + ")");
    }
}
