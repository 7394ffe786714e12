package io.vpceni.eni.site;

import io.vpceni.eni.SubnetId;
import java.time.Instant;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// A subnet as this node sees it, for metrics and `ipamctl`.
///
/// @param eligibility whether new ENIs go there
/// @param primary whether the primary ENI is in it
/// @param addressesFree EC2's count when it was last asked; empty when it was not asked, or did not list it
/// @param backoffUntil when it is tried again; null unless it was out of addresses a moment ago
/// @param prefixBackoffUntil when it is tried again for prefixes; null unless it was out of prefixes a moment ago
public record SubnetState(
        SubnetId subnetId,
        Eligibility eligibility,
        boolean primary,
        OptionalInt addressesFree,
        @Nullable Instant backoffUntil,
        @Nullable Instant prefixBackoffUntil) {

    /// Whether new ENIs go to a subnet. A label value.
    public enum Eligibility {
        /// New ENIs go there.
        USED,
        /// It is not tagged for them.
        NOT_TAGGED,
        /// Its tags forbid it: ENIs that are in it get no new pods either.
        EXCLUDED
    }
}
