package io.vpceni.pool.policy;

import io.vpceni.config.PoolMode;
import io.vpceni.config.PoolSettings;

/// From settings to the policy that they name.
///
/// Cilium's and Azure's numbers come from the two IP targets, so that no further variable is needed: `WARM_IP_TARGET`
/// is Cilium's pre-allocation and Azure's batch, `MINIMUM_IP_TARGET` is Cilium's minimum. Unset they have the defaults
/// of those two systems.
public final class Policies {

    private Policies() {}

    /// The policy of these settings.
    public static Policy of(PoolSettings settings) {
        if (settings.mode() == PoolMode.IPV6) {
            return new SingleIpv6Prefix();
        }
        return switch (settings.policy()) {
            case AWS -> new AwsTargets(settings);
            case DEMAND -> new Demand();
            case CILIUM ->
                new Cilium(
                        settings.warmIpTarget() > 0 ? settings.warmIpTarget() : Cilium.PRE_ALLOCATE,
                        settings.minimumIpTarget(),
                        0);
            case AZURE ->
                settings.warmIpTarget() > 0
                        ? new Azure(settings.warmIpTarget(), Azure.REQUEST_PERCENT, Azure.RELEASE_PERCENT)
                        : new Azure();
        };
    }

    /// How many more there may be before the node holds one for each pod that it may run.
    static int room(PoolCounts counts) {
        long held = (long) counts.total() + counts.pending();
        return Math.clamp(counts.podsMax() - held, 0, Integer.MAX_VALUE);
    }

    /// Not below 0 and not beyond [Integer#MAX_VALUE].
    static int count(long number) {
        return Math.clamp(number, 0, Integer.MAX_VALUE);
    }
}
