package io.vpceni.pool;

/// An ENI that is attached to this node and may give addresses to pods.
///
/// @param networkCard 0 for the first
/// @param deviceIndex on its card; 0 for the primary ENI
/// @param primary whether the instance was started with it
/// @param secondaryAddressesMax how many secondary addresses it may hold; 0 or more
public record Eni(EniId id, int networkCard, int deviceIndex, boolean primary, int secondaryAddressesMax) {

    /// @throws IllegalArgumentException when a number is negative
    public Eni {
        if (networkCard < 0 || deviceIndex < 0 || secondaryAddressesMax < 0) {
            throw new IllegalArgumentException("negative number in ENI " + id);
        }
    }
}
