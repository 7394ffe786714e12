package io.vpceni.eni;

import io.vpceni.config.Cidr;
import io.vpceni.config.MacAddress;
import java.net.InetAddress;
import java.util.List;

/// Who this node is, as IMDS says.
///
/// @param instanceType as in `m5.large`
/// @param vpcId the primary ENI's
/// @param region as in `eu-west-1`
/// @param subnetId the primary ENI's
/// @param availabilityZone as in `eu-west-1a`
/// @param securityGroups the primary ENI's, ids
/// @param vpcCidrs all IPv4 blocks of the VPC, in IMDS's order
/// @param primaryMac the primary ENI's
/// @param primaryAddress the primary ENI's own address: the node's
public record NodeIdentity(
        InstanceId instanceId,
        String instanceType,
        VpcId vpcId,
        String region,
        SubnetId subnetId,
        String availabilityZone,
        List<String> securityGroups,
        List<Cidr> vpcCidrs,
        MacAddress primaryMac,
        InetAddress primaryAddress) {

    public NodeIdentity {
        securityGroups = List.copyOf(securityGroups);
        vpcCidrs = List.copyOf(vpcCidrs);
    }
}
