package io.vpceni.lab.localstack;

import io.vpceni.lab.world.FabricEni;
import io.vpceni.lab.world.VpcBackend;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// The EC2 API of LocalStack, mended, and a reflector that reports what it says is attached.
public final class LocalStackBackend implements VpcBackend {
    private LocalStackBackend() {}

    /// Starts LocalStack, or finds it, and the proxy before it; seconds, or about a minute where it must be installed.
    ///
    /// @param home the project's directory: `integration-tests/localstack/requirements.lock` is read below it
    /// @param environment of the lab: `LOCALSTACK_ENDPOINT`, `LOCALSTACK_IMAGE`, `DOCKER_HOST`, `PATH`, `HOME`
    /// @param progress takes one line when something long begins
    public static LocalStackBackend start(Path home, Map<String, String> environment, Consumer<String> progress)
            throws IOException {
        throw new UnsupportedOperationException();
    }

    @Override
    public URI endpoint() {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<FabricEni> attachedEnis() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void onChange(Runnable listener) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
