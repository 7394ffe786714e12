package io.vpceni.eni;

import io.vpceni.config.Cidr;
import io.vpceni.config.MacAddress;
import java.net.InetAddress;
import java.util.List;

/// Who this node is, as IMDS says.
///
/// @param instanceId as in `i-0a1b2c3d4e5f60718`
/// @param instanceType as in `m5.large`
/// @param region as in `eu-west-1`
/// @param availabilityZone as in `eu-west-1a`
/// @param vpcId the primary ENI's
/// @param subnetId the primary ENI's
/// @param securityGroups the primary ENI's, ids
/// @param vpcCidrs all IPv4 blocks of the VPC, in IMDS's order
/// @param primaryMac the primary ENI's
/// @param primaryAddress the primary ENI's own address: the node's
public record NodeIdentity(
        String instanceId,
        String instanceType,
        String region,
        String availabilityZone,
        String vpcId,
        String subnetId,
        List<String> securityGroups,
        List<Cidr> vpcCidrs,
        MacAddress primaryMac,
        InetAddress primaryAddress) {

    public NodeIdentity {
        securityGroups = List.copyOf(securityGroups);
        vpcCidrs = List.copyOf(vpcCidrs);
    }
}
