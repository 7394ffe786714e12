package io.vpceni.lab.ec2.model;

import io.vpceni.lab.ec2.query.Ec2Refusal;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// The rules of VPCs, subnets and security groups.
public final class Networks {
    private static final int PREFIX_BITS_MIN = 16;
    private static final int PREFIX_BITS_MAX = 28;
    private static final Ipv6Block AMAZON_IPV6 = Ipv6Block.parse("2600:1f14::/32");
    private static final int VPC_IPV6_BITS = 56;
    private static final int SUBNET_IPV6_BITS = 64;

    private final Ec2State state;

    public Networks(Ec2State state) {
        this.state = state;
    }

    /// A VPC comes with a security group named `default`.
    ///
    /// @param withIpv6 gives it a block of 56 bits, as Amazon provides them
    public Vpc createVpc(Ipv4Block block, boolean withIpv6, SortedMap<String, String> tags) {
        refuseSize(block, "InvalidVpc.Range");
        Optional<Ipv6Block> ipv6Block = withIpv6
                ? Optional.of(AMAZON_IPV6.part(VPC_IPV6_BITS, state.vpcs().all().size() + 1L))
                : Optional.empty();
        Vpc vpc = new Vpc(state.ids().next(ResourceKind.VPC), block, ipv6Block, tags);
        state.vpcs().add(vpc);
        createGroup(vpc, "default", "default VPC security group", new TreeMap<>());
        return vpc;
    }

    public Subnet createSubnet(
            Vpc vpc, Ipv4Block block, Optional<Ipv6Block> ipv6Block, String zone, SortedMap<String, String> tags) {
        refuseSize(block, "InvalidSubnet.Range");
        if (!vpc.block().contains(block)) {
            throw new Ec2Refusal(
                    "InvalidSubnet.Range", "The CIDR '" + block + "' is invalid: not within " + vpc.block());
        }
        if (!state.zones().contains(zone)) {
            throw Ec2Refusal.invalidValue("availabilityZone", zone, "The region has " + state.zones());
        }
        for (Subnet other : state.subnets().all()) {
            if (Objects.equals(other.vpc().id(), vpc.id()) && other.block().overlaps(block)) {
                throw new Ec2Refusal(
                        "InvalidSubnet.Conflict",
                        "The CIDR '" + block + "' conflicts with another subnet: " + other.id());
            }
        }
        ipv6Block.ifPresent(wanted -> refuseIpv6(vpc, wanted));
        Subnet subnet = new Subnet(state.ids().next(ResourceKind.SUBNET), vpc, block, ipv6Block, zone, tags);
        state.subnets().add(subnet);
        return subnet;
    }

    public SecurityGroup createGroup(Vpc vpc, String name, String description, SortedMap<String, String> tags) {
        for (SecurityGroup other : state.securityGroups().all()) {
            if (Objects.equals(other.vpc().id(), vpc.id()) && other.name().equals(name)) {
                throw new Ec2Refusal(
                        "InvalidGroup.Duplicate",
                        "The security group '" + name + "' already exists for VPC '" + vpc.id() + "'");
            }
        }
        SecurityGroup group =
                new SecurityGroup(state.ids().next(ResourceKind.SECURITY_GROUP), vpc, name, description, tags);
        state.securityGroups().add(group);
        return group;
    }

    static SecurityGroup groupOf(Subnet subnet, SecurityGroup group) {
        if (!Objects.equals(group.vpc().id(), subnet.vpc().id())) {
            throw new Ec2Refusal(
                    "InvalidParameter",
                    "Security group " + group.id() + " and subnet " + subnet.id() + " belong to different networks.");
        }
        return group;
    }

    private void refuseIpv6(Vpc vpc, Ipv6Block block) {
        boolean inVpc = vpc.ipv6Block().filter(whole -> whole.contains(block)).isPresent();
        if (block.prefixBits() != SUBNET_IPV6_BITS || !inVpc) {
            throw new Ec2Refusal(
                    "InvalidSubnet.Range", "The IPv6 CIDR '" + block + "' is invalid: want a /64 of the VPC's block");
        }
        for (Subnet other : state.subnets().all()) {
            if (other.ipv6Block().filter(block::overlaps).isPresent()) {
                throw new Ec2Refusal(
                        "InvalidSubnet.Conflict",
                        "The IPv6 CIDR '" + block + "' conflicts with another subnet: " + other.id());
            }
        }
    }

    private static void refuseSize(Ipv4Block block, String code) {
        if (block.prefixBits() < PREFIX_BITS_MIN || block.prefixBits() > PREFIX_BITS_MAX) {
            throw new Ec2Refusal(code, "The CIDR '" + block + "' is invalid: want a prefix length from 16 to 28");
        }
    }
}
