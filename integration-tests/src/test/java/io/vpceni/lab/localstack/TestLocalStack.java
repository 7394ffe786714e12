package io.vpceni.lab.localstack;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/// The LocalStack of a test class, from wherever this machine has it; the first one on a machine installs it.
final class TestLocalStack {
    private TestLocalStack() {}

    /// Where there is neither a LocalStack, nor an image of it, nor the Python that it runs on, the tests are skipped
    /// and say so.
    static LocalStackServer start() throws IOException {
        Map<String, String> environment = System.getenv();
        if (!isSomewhere(environment)) {
            try {
                Path _ = Python.find(environment);
            } catch (IOException e) {
                Assumptions.abort(e.getMessage());
            }
        }
        return LocalStackServer.start(home(), environment, _ -> {});
    }

    /// A process of its own, whatever else this machine has.
    static LocalStackProcess process(LocalStackProcess.Ports ports) throws IOException {
        try {
            Path _ = Python.find(System.getenv());
        } catch (IOException e) {
            Assumptions.abort(e.getMessage());
        }
        return LocalStackProcess.start(LocalStackInstallation.ensure(home(), System.getenv(), _ -> {}), ports, _ -> {});
    }

    static Path home() {
        return Path.of(System.getProperty("repository.root"));
    }

    private static boolean isSomewhere(Map<String, String> environment) {
        DockerDaemon docker = DockerDaemon.of(environment);
        return environment.containsKey("LOCALSTACK_ENDPOINT")
                || environment.containsKey("LOCALSTACK_IMAGE")
                || LocalStackServer.IMAGES.stream().anyMatch(docker::hasImage);
    }
}
