package io.vpceni.network;

import io.vpceni.config.Cidr;
import java.net.InetAddress;
import java.util.List;

/// The inputs of address translation that the node learns only from AWS. The others are in the settings.
///
/// @param nodeAddress primary address of the primary ENI: the source of packets that leave the VPC
/// @param vpcCidrs the VPC's blocks, at least one; destinations in them see the pod's own address
public record NatRules(InetAddress nodeAddress, List<Cidr> vpcCidrs) {

    public NatRules {
        vpcCidrs = List.copyOf(vpcCidrs);
        if (vpcCidrs.isEmpty()) {
            throw new IllegalArgumentException("a VPC has at least one CIDR block");
        }
    }
}
