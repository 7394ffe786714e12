package io.vpceni.lab.ec2.model;

import io.vpceni.lab.ec2.query.Ec2Refusal;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/// The rules of VPCs, subnets and security groups.
public final class Networks {
    private static final int PREFIX_BITS_MIN = 16;
    private static final int PREFIX_BITS_MAX = 28;

    private final Ec2State state;

    public Networks(Ec2State state) {
        this.state = state;
    }

    /// A VPC comes with a security group named `default`.
    public Vpc createVpc(Ipv4Block block, SortedMap<String, String> tags) {
        refuseSize(block, "InvalidVpc.Range");
        Vpc vpc = new Vpc(state.ids().next(ResourceKind.VPC), block, tags);
        state.vpcs().add(vpc);
        createGroup(vpc, "default", "default VPC security group", new TreeMap<>());
        return vpc;
    }

    public Subnet createSubnet(Vpc vpc, Ipv4Block block, String zone, SortedMap<String, String> tags) {
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
        Subnet subnet = new Subnet(state.ids().next(ResourceKind.SUBNET), vpc, block, zone, tags);
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

    private static void refuseSize(Ipv4Block block, String code) {
        if (block.prefixBits() < PREFIX_BITS_MIN || block.prefixBits() > PREFIX_BITS_MAX) {
            throw new Ec2Refusal(code, "The CIDR '" + block + "' is invalid: want a prefix length from 16 to 28");
        }
    }
}
