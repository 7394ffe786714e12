package io.vpceni.eni;

import io.vpceni.config.Cidr;
import java.util.List;

/// The instance metadata service, as far as ipamd needs it. It may be late: what EC2 knows now can be missing here
/// for a minute. Calls block, for seconds at most. Thread-safe.
public interface Imds {

    /// Who this node is. Does not change while the instance runs, but for the VPC's blocks.
    NodeIdentity identity() throws ImdsFailure;

    /// The IPv4 blocks of this node's VPC now: it can get more while the instance runs. Two requests.
    List<Cidr> vpcCidrs() throws ImdsFailure;

    /// The interfaces that IMDS lists now. An interface that comes or goes while the list is read is left out.
    List<ImdsEni> enis() throws ImdsFailure;

    /// Whether this instance is about to end: EC2 takes it back (spot), or its group scales in.
    boolean isEnding() throws ImdsFailure;
}
