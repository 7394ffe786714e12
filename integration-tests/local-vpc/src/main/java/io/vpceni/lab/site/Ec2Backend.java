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

/// The EC2 behind a lab, whichever was chosen: what the lab needs of it beyond what the fabric follows.
interface Ec2Backend extends AutoCloseable {
    /// In a few words, for people.
    String origin();

    VpcBackend backend();

    NodeView nodeView(String instanceId);

    /// One more door; the server socket is opened in the calling thread's network namespace.
    URI addListener(InetSocketAddress bind) throws IOException;

    /// Who builds the world.
    World.Account administrator();

    /// The plan as this EC2 can carry it out.
    WorldPlan adapt(WorldPlan plan);

    /// The emulation, for what only it can: faults, the call log, the ground truth. Empty for any other EC2.
    default Optional<Ec2Emulation> emulation() {
        return Optional.empty();
    }

    /// Where the emulation's control API answers, on this machine's loopback.
    default Optional<URI> control() {
        return Optional.empty();
    }

    @Override
    void close();
}
