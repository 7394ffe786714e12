package io.vpceni.lab.ec2.model;

import java.util.Set;

/// What a type of instance may hold. Figures are EC2's (DescribeInstanceTypes).
///
/// @param architecture `x86_64` or `arm64`
/// @param hypervisor `nitro` or `xen`
/// @param networkCards cards, each of which takes `enisPerCard`
/// @param addressesPerEni IPv4 addresses, the primary one included
public record InstanceType(
        String name,
        String architecture,
        String hypervisor,
        int vcpus,
        int memoryMib,
        int networkCards,
        int enisPerCard,
        int addressesPerEni,
        String networkPerformance)
        implements Comparable<InstanceType> {
    private static final Set<String> EFA =
            Set.of("c5n.18xlarge", "m5dn.24xlarge", "p4d.24xlarge", "p5.48xlarge", "trn1.32xlarge");

    public int enis() {
        return networkCards * enisPerCard;
    }

    /// Whether it takes an elastic fabric adapter.
    public boolean takesEfa() {
        return EFA.contains(name);
    }

    /// Whether it takes a trunk ENI: Nitro types that are not burstable.
    public boolean takesTrunk() {
        return isNitro() && !name.startsWith("t");
    }

    public boolean isNitro() {
        return hypervisor.equals("nitro");
    }

    @Override
    public int compareTo(InstanceType other) {
        return name.compareTo(other.name);
    }
}
