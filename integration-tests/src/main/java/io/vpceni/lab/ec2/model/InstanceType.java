package io.vpceni.lab.ec2.model;

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

    public int enis() {
        return networkCards * enisPerCard;
    }

    public boolean isNitro() {
        return hypervisor.equals("nitro");
    }

    @Override
    public int compareTo(InstanceType other) {
        return name.compareTo(other.name);
    }
}
