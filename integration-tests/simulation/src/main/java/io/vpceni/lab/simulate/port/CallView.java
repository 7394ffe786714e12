package io.vpceni.lab.simulate.port;

import io.vpceni.eni.model.SimulatedEni;
import io.vpceni.pool.EniId;
import java.util.List;

/// What a mutant on the way to EC2 can look at and make use of.
public interface CallView {
    /// The ENIs that EC2 has at this node.
    List<SimulatedEni> enis();

    /// Whether the link of the ENI is set up.
    boolean isLinkReady(EniId eni);

    /// Another node creates an ENI.
    void otherNodeCreatesEni();
}
