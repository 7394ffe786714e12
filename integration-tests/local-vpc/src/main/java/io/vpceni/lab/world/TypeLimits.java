package io.vpceni.lab.world;

/// The limits of the lab's instance type, from `DescribeInstanceTypes`.
///
/// @param enis on the first network card, the primary one included
/// @param addressesPerEni the ENI's primary address included
public record TypeLimits(int enis, int addressesPerEni) {
    /// The number of addresses or prefixes of an ENI beside its primary address.
    public int slotsPerEni() {
        return addressesPerEni - 1;
    }
}
