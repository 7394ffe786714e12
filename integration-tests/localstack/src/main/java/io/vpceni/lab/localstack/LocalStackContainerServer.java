package io.vpceni.lab.localstack;

import java.io.IOException;
import java.net.URI;
import java.util.function.Consumer;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;

/// LocalStack in a container, by Testcontainers.
final class LocalStackContainerServer implements LocalStackServer {
    private final LocalStackContainer container;
    private final String image;

    private LocalStackContainerServer(LocalStackContainer container, String image) {
        this.container = container;
        this.image = image;
    }

    static LocalStackContainerServer start(String image, Consumer<String> progress) throws IOException {
        progress.accept("starting LocalStack from the image " + image);
        LocalStackContainer container = new LocalStackContainer(
                        DockerImageName.parse(image).asCompatibleSubstituteFor("localstack/localstack"))
                .withServices("ec2", "sts");
        try {
            container.start();
        } catch (RuntimeException e) { // Testcontainers has no exception of its own
            container.stop();
            throw new IOException(
                    "the image " + image + " does not start (" + e.getMessage()
                            + "): set LOCALSTACK_IMAGE to another, or LOCALSTACK_ENDPOINT to a LocalStack that runs",
                    e);
        }
        return new LocalStackContainerServer(container, image);
    }

    @Override
    public URI endpoint() {
        return container.getEndpoint();
    }

    @Override
    public String origin() {
        return "image " + image;
    }

    @Override
    public void close() {
        container.stop();
    }
}
