package io.vpceni.eni.imds;

import io.vpceni.eni.Ec2Eni;
import io.vpceni.eni.ImdsFailure;
import java.util.List;

/// The node's interfaces as IMDS describes them.
@FunctionalInterface
public interface InterfaceSource {

    /// All attached ones with their addresses, prefixes and security groups, ordered by network card,
    /// then by device index. What IMDS does not tell is filled in: no tags, no description,
    /// delete-on-termination on; one without any IPv4 address has the type `efa-only`, all others `interface`.
    ///
    /// @param instanceId this instance
    List<Ec2Eni> interfaces(String instanceId) throws ImdsFailure;
}
