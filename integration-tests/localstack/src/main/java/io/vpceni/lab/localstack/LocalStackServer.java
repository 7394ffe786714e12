package io.vpceni.lab.localstack;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// A LocalStack that answers, wherever it came from.
public interface LocalStackServer extends AutoCloseable {
    String VERSION = "4.14.0";

    /// The public image, and the one that `integration-tests/localstack/build-image.sh` builds.
    List<String> IMAGES = List.of("localstack/localstack:" + VERSION, "vpceni/localstack:" + VERSION);

    URI endpoint();

    /// Where it came from, in a few words.
    String origin();

    @Override
    void close();

    /// `LOCALSTACK_ENDPOINT` if set; else a container where a Docker daemon has an image (nothing is pulled: that can
    /// take minutes); else a process from the locked wheels.
    ///
    /// @throws IOException whose message is one line and says what to install or to set
    static LocalStackServer start(Path home, Map<String, String> environment, Consumer<String> progress)
            throws IOException {
        String given = environment.getOrDefault("LOCALSTACK_ENDPOINT", "");
        if (!given.isEmpty()) {
            return GivenLocalStack.at(given);
        }
        Optional<String> image = image(environment);
        if (image.isPresent()) {
            return LocalStackContainerServer.start(image.get(), progress);
        }
        return LocalStackProcess.start(LocalStackInstallation.ensure(home, environment, progress), progress);
    }

    /// The image that a Docker daemon here has, if there is one.
    static Optional<String> image(Map<String, String> environment) throws IOException {
        DockerDaemon daemon = DockerDaemon.of(environment);
        String wanted = environment.getOrDefault("LOCALSTACK_IMAGE", "");
        if (wanted.isEmpty()) {
            return IMAGES.stream().filter(daemon::hasImage).findFirst();
        }
        if (!daemon.hasImage(wanted)) {
            throw new IOException("LOCALSTACK_IMAGE='" + wanted + "': the Docker daemon at " + daemon.socket()
                    + " does not answer or has no such image: pull it, or unset the variable");
        }
        return Optional.of(wanted);
    }

    /// One that somebody else started, and stops.
    record GivenLocalStack(URI endpoint) implements LocalStackServer {
        private static final Duration HEALTH_WAIT_MAX = Duration.ofSeconds(10);

        static GivenLocalStack at(String given) throws IOException {
            try {
                URI endpoint = new URI(given);
                boolean ofHttp = "http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme());
                if (ofHttp
                        && endpoint.getHost() != null
                        && HttpWire.answers(endpoint.resolve("/_localstack/health"), HEALTH_WAIT_MAX)) {
                    return new GivenLocalStack(endpoint);
                }
            } catch (URISyntaxException _) {
                // Refused below, like any other text that is no address of a LocalStack.
            }
            throw new IOException("LOCALSTACK_ENDPOINT='" + given
                    + "': no LocalStack answers there; want a URL such as http://127.0.0.1:4566");
        }

        @Override
        public String origin() {
            return "LOCALSTACK_ENDPOINT " + endpoint;
        }

        @Override
        public void close() {}
    }
}
