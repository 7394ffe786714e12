package io.vpceni.lab.site;

import io.vpceni.lab.backend.VpcBackend;
import io.vpceni.lab.ec2.Ec2Emulation;
import io.vpceni.lab.imds.NodeView;
import io.vpceni.lab.world.World;
import io.vpceni.lab.world.WorldPlan;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Optional;

/// The EC2 behind a lab: what the lab needs of it beyond what [io.vpceni.lab.vpc.Fabric] follows.
interface Ec2Backend extends AutoCloseable {
    /// A short description for people.
    String origin();

    VpcBackend backend();

    NodeView nodeView(String instanceId);

    /// Adds a listener; its socket is opened in the calling thread's network namespace.
    URI addListener(InetSocketAddress bind) throws IOException;

    /// The identity that creates the VPC and instances.
    World.ApiAccess administrator();

    /// The plan, changed to what this EC2 can do.
    WorldPlan adapt(WorldPlan plan);

    /// The emulation, for faults, the call log and the ground truth. Empty for any other EC2.
    default Optional<Ec2Emulation> emulation() {
        return Optional.empty();
    }

    /// The address of the emulation's control API, on this machine's loopback.
    default Optional<URI> control() {
        return Optional.empty();
    }

    @Override
    void close();
}
