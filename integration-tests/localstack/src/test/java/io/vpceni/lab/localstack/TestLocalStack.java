package io.vpceni.lab.localstack;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/// The LocalStack of a test class, from wherever this machine has it; the first one on a machine installs it.
public final class TestLocalStack {
    private TestLocalStack() {}

    /// Where there is neither a LocalStack, nor an image of it, nor the Python that it runs on, the tests are skipped
    /// and say so.
    static LocalStackServer start() throws IOException {
        Map<String, String> environment = System.getenv();
        if (!isSomewhere(environment)) {
            abortWithoutPython(environment);
        }
        return LocalStackServer.start(home(), environment, _ -> {});
    }

    /// As [#start], with all that the lab mends in it.
    public static LocalStackBackend mended() throws IOException {
        return LocalStackBackend.start(start(), Mend.all(), InstantSource.system());
    }

    /// The one at `LOCALSTACK_ENDPOINT`, else a process.
    public static LocalStackServer givenOrProcess() throws IOException {
        String given = System.getenv().getOrDefault("LOCALSTACK_ENDPOINT", "");
        return given.isEmpty() ? process(LocalStackProcess::freePort) : LocalStackServer.GivenLocalStack.at(given);
    }

    /// A container. Where there is no Docker daemon that has an image, the tests are skipped and say why, unless
    /// `VPC_ENI_REQUIRE_DOCKER=1`.
    public static LocalStackServer container() throws IOException {
        Map<String, String> environment = System.getenv();
        Optional<String> image = LocalStackServer.image(environment);
        if (image.isPresent()) {
            return LocalStackContainerServer.start(image.get(), _ -> {});
        }
        String why = environment.getOrDefault(
                "VPC_ENI_NO_DOCKER",
                "no daemon answers at " + DockerDaemon.of(environment).socket() + " that has one of "
                        + LocalStackServer.IMAGES);
        if (environment.getOrDefault("VPC_ENI_REQUIRE_DOCKER", "").equals("1")) {
            throw new IOException("VPC_ENI_REQUIRE_DOCKER=1, but there is no LocalStack container: " + why);
        }
        return Assumptions.abort("no LocalStack container: " + why);
    }

    /// A process of its own, whatever else this machine has.
    static LocalStackProcess process(LocalStackProcess.Ports ports) throws IOException {
        abortWithoutPython(System.getenv());
        return LocalStackProcess.start(LocalStackInstallation.ensure(home(), System.getenv(), _ -> {}), ports, _ -> {});
    }

    static Path home() {
        return Path.of(System.getProperty("repository.root"));
    }

    private static void abortWithoutPython(Map<String, String> environment) {
        try {
            Path _ = Python.find(environment);
        } catch (IOException e) {
            Assumptions.abort(e.toString());
        }
    }

    private static boolean isSomewhere(Map<String, String> environment) {
        DockerDaemon docker = DockerDaemon.of(environment);
        return environment.containsKey("LOCALSTACK_ENDPOINT")
                || environment.containsKey("LOCALSTACK_IMAGE")
                || LocalStackServer.IMAGES.stream().anyMatch(docker::hasImage);
    }
}
