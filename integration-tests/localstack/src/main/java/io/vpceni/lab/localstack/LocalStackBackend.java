package io.vpceni.lab.localstack;

import io.vpceni.lab.backend.FabricEni;
import io.vpceni.lab.backend.VpcBackend;
import io.vpceni.lab.imds.InstanceMetadata;
import io.vpceni.lab.imds.NodeView;
import io.vpceni.lab.imds.RoleCredentials;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// The EC2 API of LocalStack, mended, and a reflector that reports what it says is attached. Thread-safe.
public final class LocalStackBackend implements VpcBackend {
    private static final Duration CREDENTIALS_LIFE = Duration.ofHours(6); // as on EC2

    private final LocalStackServer server;
    private final HttpWire http;
    private final Reflector reflector;
    private final MendingProxy proxy;
    private final URI endpoint;
    private final InstantSource time;

    private LocalStackBackend(LocalStackServer server, List<Mend> mends, InstantSource time) throws IOException {
        this.server = server;
        this.time = time;
        http = new HttpWire(server.endpoint());
        reflector = new Reflector(call -> new OneAccount().carry(call, http));
        proxy = new MendingProxy(Mend.chain(mends, http), reflector);
        endpoint = proxy.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    /// Starts LocalStack, or finds it, and the proxy before it; seconds, or about a minute where it must be
    /// installed.
    ///
    /// @param home the project's directory: `integration-tests/localstack/requirements.lock` is read below it
    /// @param environment of the lab: `LOCALSTACK_ENDPOINT`, `LOCALSTACK_IMAGE`, `DOCKER_HOST`, `PATH`, `HOME`
    /// @param progress takes one line when something long begins
    /// @throws IOException whose message says what to install or to set
    public static LocalStackBackend start(
            Path home, Map<String, String> environment, InstantSource time, Consumer<String> progress)
            throws IOException {
        return start(LocalStackServer.start(home, environment, progress), Mend.all(), time);
    }

    /// Deletes what LocalStack left when a lab was killed.
    public static void eraseAbandoned() throws IOException {
        LocalStackProcess.eraseAbandoned();
    }

    /// With these mends only. Owns the server: it is closed with the backend, and when the start fails.
    static LocalStackBackend start(LocalStackServer server, List<Mend> mends, InstantSource time) throws IOException {
        try {
            return new LocalStackBackend(server, mends, time);
        } catch (IOException e) {
            server.close();
            throw e;
        }
    }

    /// The origin of LocalStack, for people.
    public String origin() {
        return server.origin();
    }

    @Override
    public URI endpoint() {
        return endpoint;
    }

    /// Adds a listener of the proxy; its socket is opened in the calling thread's network namespace.
    ///
    /// @return its endpoint
    public URI addListener(InetSocketAddress bind) throws IOException {
        return proxy.open(bind);
    }

    @Override
    public List<FabricEni> attachedEnis() {
        return reflector.attachedEnis();
    }

    @Override
    public void onChange(Runnable listener) {
        reflector.onChange(listener);
    }

    /// What the metadata service of the instance shows. The MACs in it are the lab's.
    ///
    /// @throws IllegalArgumentException if there is no such instance; the view throws it once the instance is gone
    public NodeView nodeView(String instanceId) {
        InstanceMetadata _ = instance(instanceId);
        return new NodeView() {
            @Override
            public InstanceMetadata instance() {
                return LocalStackBackend.this.instance(instanceId);
            }

            @Override
            public Optional<RoleCredentials> credentials() {
                return Optional.of(nodeCredentials());
            }
        };
    }

    private InstanceMetadata instance(String instanceId) {
        return reflector
                .instance(instanceId)
                .orElseThrow(() -> new IllegalArgumentException("no instance " + instanceId + " was launched here"));
    }

    /// LocalStack checks neither signature nor rights, so any key does.
    private RoleCredentials nodeCredentials() {
        Instant now = time.instant();
        return new RoleCredentials(
                "vpc-eni-node", "ASIALABLOCALSTACKNODE", "lab-secret", "lab-token", now, now.plus(CREDENTIALS_LIFE));
    }

    @Override
    public void close() {
        proxy.close();
        reflector.close();
        http.close();
        server.close();
    }
}
