package io.vpceni.eni;

import io.vpceni.config.EniSettings;
import io.vpceni.pool.EniId;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;

/// The ENIs of this node and how they grow. Thread-safe; every method blocks for as long as EC2 takes: call on a
/// virtual thread.
public final class NodeEnis {

    /// @param time stamps the tag `createdAt`
    /// @param random client tokens
    public NodeEnis(Ec2 ec2, Imds imds, EniSettings settings, Pause pause, InstantSource time, RandomGenerator random) {
        throw new UnsupportedOperationException(ec2 + "" + imds + settings + pause + time + random);
    }

    /// Learns who this node is, what its type allows and which ENIs it holds. Call once, before the others.
    ///
    /// @throws ImdsFailure when the node's identity cannot be read
    /// @throws EniFailure when EC2 does not tell the node's ENIs
    public NodeStart start() throws ImdsFailure, EniFailure, InterruptedException {
        throw new UnsupportedOperationException();
    }

    /// Puts more secondary addresses on an ENI of this node.
    ///
    /// @param count 1 or more
    /// @return addresses that were not on the ENI before; perhaps fewer than asked for, perhaps none
    public List<InetAddress> assignAddresses(EniId eni, int count) throws EniFailure, InterruptedException {
        throw new UnsupportedOperationException(eni + " " + count);
    }

    /// Makes an ENI in the primary ENI's subnet with its addresses already on it and attaches it; returns when EC2 says
    /// attached. After
    /// a failure nothing is left behind, or the failure names what is.
    ///
    /// @param addresses secondary addresses; 0 or more
    public AttachedEni addEni(int addresses) throws EniFailure, InterruptedException {
        throw new UnsupportedOperationException("" + addresses);
    }
}
