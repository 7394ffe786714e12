package io.vpceni.lab.world;

import io.vpceni.config.Cidr;
import java.util.List;

/// The parameters of a [World].
///
/// @param subnets blocks within the VPC's; nodes are distributed over them in turn
/// @param nodeCount 1 or more
/// @param imdsHopLimit 1 to 64, of the instances' metadata service
public record WorldPlan(Cidr vpc, List<Cidr> subnets, int nodeCount, String instanceType, int imdsHopLimit) {
    public WorldPlan {
        subnets = List.copyOf(subnets);
        if (subnets.isEmpty() || nodeCount < 1) {
            throw new IllegalArgumentException("a world has a subnet and a node at least");
        }
    }

    /// Two subnets of 10.0.0.0/16, t3.small instances (3 ENIs of 4 addresses), a hop limit of 1.
    public static WorldPlan ofNodes(int nodeCount) {
        return new WorldPlan(
                Cidr.parse("10.0.0.0/16"),
                List.of(Cidr.parse("10.0.0.0/19"), Cidr.parse("10.0.32.0/19")),
                nodeCount,
                "t3.small",
                1);
    }

    public WorldPlan withInstanceType(String changed) {
        return new WorldPlan(vpc, subnets, nodeCount, changed, imdsHopLimit);
    }

    /// One subnet that fills the VPC, for an EC2 that assigns addresses at random.
    public WorldPlan withOneSubnet() {
        return new WorldPlan(vpc, List.of(vpc), nodeCount, instanceType, imdsHopLimit);
    }
}
