package io.vpceni.lab.world;

/// What EC2 allows on an instance of the lab's type, by `DescribeInstanceTypes`.
///
/// @param enis on the first network card, the primary one included
/// @param addressesPerEni the ENI's primary address included
public record TypeLimits(int enis, int addressesPerEni) {
    /// Addresses or prefixes that an ENI has room for beside its primary address.
    public int slotsPerEni() {
        return addressesPerEni - 1;
    }
}
