package io.vpceni.lab.backend;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/// The EC2 API behind a local VPC. The fabric follows what it says and has no opinion of its own.
public interface VpcBackend extends AutoCloseable {
    /// Where the EC2 Query API answers, as the lab's own process reaches it.
    URI endpoint();

    /// The ENIs that are attached now, in the order of their ids: the truth that the fabric is plumbed
    /// from.
    List<FabricEni> attachedEnis();

    /// How much later than usual the link of an ENI that was just attached appears. Asked once for each
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
