package io.vpceni.pool;

import io.vpceni.config.DeviceSlot;

/// An attached ENI as the pool needs it: EC2's view, without link and addresses.
///
/// @param slot where it is attached
/// @param primary whether the instance was started with it: it never goes away
/// @param slots how many secondary addresses and prefixes it has room for; 0 or more
/// @param role what it is there for
public record Eni(EniId id, DeviceSlot slot, boolean primary, int slots, EniRole role) {

    /// @throws IllegalArgumentException when the room is negative
    public Eni {
        if (slots < 0) {
            throw new IllegalArgumentException("negative room in ENI " + id);
        }
    }

    /// An ENI for pods.
    public Eni(EniId id, DeviceSlot slot, boolean primary, int slots) {
        this(id, slot, primary, slots, EniRole.PODS);
    }
}
