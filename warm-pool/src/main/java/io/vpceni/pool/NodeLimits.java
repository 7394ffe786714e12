package io.vpceni.pool;

/// What the instance type allows.
///
/// @param enisMax ENIs, the primary included; at least 1
/// @param addressesPerEniMax addresses on each ENI, its primary address included, as EC2 counts; at least 1
public record NodeLimits(int enisMax, int addressesPerEniMax) {

    /// @throws IllegalArgumentException when a limit is below 1
    public NodeLimits {
        if (enisMax < 1 || addressesPerEniMax < 1) {
            throw new IllegalArgumentException(
                    "want at least one ENI and one address, not " + enisMax + " and " + addressesPerEniMax);
        }
    }

    /// Addresses on each ENI that pods can have: all but the primary one.
    public int secondaryAddressesPerEniMax() {
        return addressesPerEniMax - 1;
    }
}
