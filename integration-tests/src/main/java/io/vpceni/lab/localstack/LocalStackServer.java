package io.vpceni.lab.localstack;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/// A LocalStack that answers, wherever it came from.
interface LocalStackServer extends AutoCloseable {
    String VERSION = "4.14.0";

    URI endpoint();

    /// Where it came from, in a few words.
    String origin();

    @Override
    void close();

    /// `LOCALSTACK_ENDPOINT` if set; else a container where a Docker daemon has the image (nothing is pulled: that can
    /// take minutes); else a process from the locked wheels.
    static LocalStackServer start(Path home, Map<String, String> environment, Consumer<String> progress)
            throws IOException {
        String given = environment.getOrDefault("LOCALSTACK_ENDPOINT", "");
        if (!given.isEmpty()) {
            return GivenLocalStack.at(URI.create(given));
        }
        String image = environment.getOrDefault("LOCALSTACK_IMAGE", "localstack/localstack:" + VERSION);
        if (DockerDaemon.of(environment).hasImage(image)) {
            try {
                return LocalStackContainerServer.start(image, progress);
            } catch (RuntimeException e) { // Testcontainers has no exception of its own
                progress.accept("the image " + image + " does not start (" + e.getMessage() + "), so no container");
            }
        }
        return LocalStackProcess.start(LocalStackInstallation.ensure(home, environment, progress), progress);
    }

    /// One that somebody else started, and stops.
    record GivenLocalStack(URI endpoint) implements LocalStackServer {
        private static final Duration HEALTH_WAIT_MAX = Duration.ofSeconds(10);

        static GivenLocalStack at(URI endpoint) throws IOException {
            if (!HttpWire.answers(endpoint.resolve("/_localstack/health"), HEALTH_WAIT_MAX)) {
                throw new IOException("LOCALSTACK_ENDPOINT='" + endpoint
                        + "': no LocalStack answers there; want a URL such as http://127.0.0.1:4566");
            }
            return new GivenLocalStack(endpoint);
        }

        @Override
        public String origin() {
            return "LOCALSTACK_ENDPOINT " + endpoint;
        }

        @Override
        public void close() {}
    }
}
