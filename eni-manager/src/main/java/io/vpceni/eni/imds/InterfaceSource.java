package io.vpceni.eni.imds;

import io.vpceni.eni.Ec2Eni;
import io.vpceni.eni.ImdsFailure;
import io.vpceni.eni.InstanceId;
import java.util.List;

/// The node's interfaces as IMDS describes them.
@FunctionalInterface
public interface InterfaceSource {

    /// All attached interfaces with their addresses, prefixes and security groups, ordered by network card,
    /// then by device index. Values that IMDS does not have are set: no tags, no description,
    /// delete-on-termination on; the type is `efa-only` without an IPv4 address, otherwise `interface`.
    ///
    /// @param instanceId this instance
    List<Ec2Eni> interfaces(InstanceId instanceId) throws ImdsFailure;
}
