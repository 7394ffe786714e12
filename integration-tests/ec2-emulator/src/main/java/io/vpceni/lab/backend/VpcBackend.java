package io.vpceni.lab.backend;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/// The EC2 API behind a local VPC. The network follows it.
public interface VpcBackend extends AutoCloseable {
    /// The endpoint of the EC2 Query API for the lab's own process.
    URI endpoint();

    /// The ENIs that are attached now, in the order of their ids. The network's links follow this list.
    List<FabricEni> attachedEnis();

    /// The additional delay until the link of an ENI that was just attached appears. Called once for each
    /// attachment.
    default Duration linkDelay(FabricEni eni) {
        return Duration.ZERO;
    }

    /// Calls `listener` after each change of [#attachedEnis], on a thread of the backend's; it must return
    /// soon.
    void onChange(Runnable listener);

    @Override
    void close();
}
