package io.vpceni.lab.imds;

import java.net.InetAddress;
import java.util.List;

/// One attached ENI as the metadata service shows it, under `network/interfaces/macs/<mac>/`.
///
/// @param macAddress six octets, lower case, colons: the name of its directory
/// @param privateAddresses the primary address first; never empty
/// @param vpcCidrBlocks the VPC's first CIDR first; never empty
/// @param ipv4Prefixes such as `10.0.0.16/28`
public record InterfaceMetadata(
        String macAddress,
        String interfaceId,
        int networkCard,
        int deviceNumber,
        String subnetId,
        String vpcId,
        String ownerId,
        List<String> securityGroupIds,
        List<String> securityGroupNames,
        List<InetAddress> privateAddresses,
        String subnetCidrBlock,
        List<String> vpcCidrBlocks,
        List<String> ipv4Prefixes,
        Ipv6Metadata ipv6) {
    public InterfaceMetadata {
        securityGroupIds = List.copyOf(securityGroupIds);
        securityGroupNames = List.copyOf(securityGroupNames);
        privateAddresses = List.copyOf(privateAddresses);
        vpcCidrBlocks = List.copyOf(vpcCidrBlocks);
        ipv4Prefixes = List.copyOf(ipv4Prefixes);
        if (privateAddresses.isEmpty() || vpcCidrBlocks.isEmpty()) {
            throw new IllegalArgumentException(interfaceId + " lacks an address or a VPC CIDR");
        }
    }

    /// Without prefixes and IPv6.
    public InterfaceMetadata(
            String macAddress,
            String interfaceId,
            int networkCard,
            int deviceNumber,
            String subnetId,
            String vpcId,
            String ownerId,
            List<String> securityGroupIds,
            List<String> securityGroupNames,
            List<InetAddress> privateAddresses,
            String subnetCidrBlock,
            List<String> vpcCidrBlocks) {
        this(
                macAddress,
                interfaceId,
                networkCard,
                deviceNumber,
                subnetId,
                vpcId,
                ownerId,
                securityGroupIds,
                securityGroupNames,
                privateAddresses,
                subnetCidrBlock,
                vpcCidrBlocks,
                List.of(),
                Ipv6Metadata.NONE);
    }
}
