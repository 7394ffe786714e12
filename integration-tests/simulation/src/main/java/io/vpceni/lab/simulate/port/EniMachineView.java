package io.vpceni.lab.simulate.port;

import io.vpceni.eni.model.SimulatedEni;
import io.vpceni.pool.EniId;
import java.time.Instant;
import java.util.Optional;

/// What a mutant on the way into the machine of ENIs, or out of it to the pool, can look at.
public interface EniMachineView {
    Instant now();

    Optional<SimulatedEni> eni(EniId id);

    /// Whether the link of the ENI is set up.
    boolean isLinkReady(EniId eni);
}
