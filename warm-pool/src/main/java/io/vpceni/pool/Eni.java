package io.vpceni.pool;

/// An ENI that is attached to this node.
///
/// @param networkCard 0 for the first
/// @param deviceIndex on its card; 0 for the primary ENI
/// @param primary whether the instance was started with it: it never goes away
/// @param slots how many secondary addresses and prefixes it has room for; 0 or more
/// @param role what it is there for
public record Eni(EniId id, int networkCard, int deviceIndex, boolean primary, int slots, EniRole role) {

    /// @throws IllegalArgumentException when a number is negative
    public Eni {
        if (networkCard < 0 || deviceIndex < 0 || slots < 0) {
            throw new IllegalArgumentException("negative number in ENI " + id);
        }
    }

    /// An ENI for pods.
    public Eni(EniId id, int networkCard, int deviceIndex, boolean primary, int slots) {
        this(id, networkCard, deviceIndex, primary, slots, EniRole.PODS);
    }
}
