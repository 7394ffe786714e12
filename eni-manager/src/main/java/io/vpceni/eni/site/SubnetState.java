package io.vpceni.eni.site;

import java.time.Instant;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// A subnet as this node sees it, for metrics and `ipamctl`.
///
/// @param subnetId as in `subnet-0a1b2c3d4e5f60718`
/// @param standing whether new ENIs go there
/// @param primary whether the primary ENI is in it
/// @param addressesFree EC2's count at the last look; empty when EC2 was not asked, or did not list it
/// @param restsUntil when it is tried again for anything; null when it does not rest
/// @param prefixesRestUntil when it is tried again for prefixes; null when they do not rest
public record SubnetState(
        String subnetId,
        Standing standing,
        boolean primary,
        OptionalInt addressesFree,
        @Nullable Instant restsUntil,
        @Nullable Instant prefixesRestUntil) {

    /// Whether new ENIs go to a subnet. A label value.
    public enum Standing {
        /// They do.
        USED,
        /// Its tags do not ask for them.
        NOT_TAGGED,
        /// Its tags forbid it: ENIs that are in it get no new pods either.
        EXCLUDED
    }
}
