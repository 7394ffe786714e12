package io.vpceni.pool;

import io.vpceni.config.PoolSettings;

/// The pool in the numbers that the targets look at.
///
/// @param assignable addresses that the next ADD could have: free, and past their cooldown
/// @param pending addresses that were asked for and are not here yet
/// @param total addresses that are here: assigned, cooling or free
/// @param waiting addresses that would satisfy every waiting ADD
/// @param addressesPerEni what an ENI of this node brings to pods
record Stock(int assignable, int pending, int total, int waiting, int addressesPerEni) {

    /// How much is missing.
    ///
    /// @param addresses 0 or more
    /// @param wholeEnis whether growth rounds up to whole ENIs
    record Shortfall(int addresses, boolean wholeEnis) {}

    /// What the AWS VPC CNI's targets ask for, except that a cooling address is not stock: nobody can have it.
    ///
    /// With an IP target set: `max(WARM_IP_TARGET - available, MINIMUM_IP_TARGET - total)`. Otherwise
    /// `WARM_ENI_TARGET x addresses per ENI - available`, in whole ENIs; a target of 0 lets the node run dry first.
    /// *Available* is what is assignable or on its way, less what the waiting ADDs will take.
    Shortfall shortOf(PoolSettings settings) {
        int available = assignable + pending - waiting;
        if (settings.countsAddresses()) {
            int warm = settings.warmIpTarget() - available;
            int minimum = settings.minimumIpTarget() - (total + pending);
            return new Shortfall(Math.max(0, Math.max(warm, minimum)), false);
        }
        int warm = Math.max(1, settings.warmEniTarget() * addressesPerEni);
        return new Shortfall(Math.max(0, warm - available), true);
    }
}
