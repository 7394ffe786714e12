package io.vpceni.lab.simulate.port;

import io.vpceni.eni.model.SimulatedEni;
import io.vpceni.pool.Assignment;
import io.vpceni.pool.Effect;
import io.vpceni.pool.EniId;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a mutant on the way from the pool to the ENIs' owner can look at and make use of.
public interface PoolOutputView {
    Instant now();

    /// The ENIs that EC2 has at this node.
    List<SimulatedEni> enis();

    Optional<SimulatedEni> eni(EniId id);

    /// The addresses that sandboxes have.
    Set<InetAddress> inUse();

    /// The wired sandboxes.
    Collection<Assignment> wired();

    /// Asks the ENIs' owner for something else, too.
    void submit(Effect.Request request);
}
