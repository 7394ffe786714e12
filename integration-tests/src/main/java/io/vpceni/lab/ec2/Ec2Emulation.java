package io.vpceni.lab.ec2;

import io.vpceni.lab.imds.NodeView;
import io.vpceni.lab.world.FabricEni;
import io.vpceni.lab.world.VpcBackend;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;

/// EC2 in this process: one account in one region, spoken to over HTTP by any AWS SDK or CLI.
///
/// It starts empty. Thread-safe.
@SuppressWarnings("DoNotCallSuggester")
public final class Ec2Emulation implements VpcBackend {
    /// The key that may do everything. Signatures are not checked, so any secret does; [#ADMINISTRATOR_SECRET] is as
    /// good.
    public static final String ADMINISTRATOR_KEY_ID = "AKIALABADMINISTRATOR";

    public static final String ADMINISTRATOR_SECRET = "lab-administrator-secret";

    private Ec2Emulation() {}

    /// Opens the server socket in the calling thread's network namespace and answers from its own.
    ///
    /// @param bind port 0 takes a free one
    public static Ec2Emulation start(Ec2Settings settings, InetSocketAddress bind, InstantSource time)
            throws IOException {
        throw new UnsupportedOperationException();
    }

    /// One more door to the same account; the server socket is opened in the calling thread's network namespace.
    ///
    /// @return where it answers
    public URI addListener(InetSocketAddress bind) throws IOException {
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

    /// What the metadata service of the instance shows, lagging as the delays say.
    ///
    /// @throws IllegalArgumentException if there is no such instance; the view throws it once it is forgotten
    public NodeView nodeView(String instanceId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
