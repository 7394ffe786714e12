package io.vpceni.config;

import java.time.Duration;

/// How many addresses the node keeps ready, and how long an address cools down between two pods.
///
/// The targets have the AWS VPC CNI's meaning and precedence: as soon as `warmIpTarget` or `minimumIpTarget` is
/// set, `warmEniTarget` is ignored.
///
/// @param warmEniTarget keep this many ENIs' worth of assignable addresses; 0 to 100
/// @param warmIpTarget keep this many assignable addresses; 0 to 1000, 0 means unset
/// @param minimumIpTarget hold at least this many addresses, assigned or not; 0 to 1000, 0 means unset
/// @param maxEni maximum number of ENIs on a network card, including the primary one; 0 to 100, 0 means the
///     instance's own limit
/// @param cooldown time from the release of an address until another pod may get it; 0 to 3600 seconds
/// @param mode what is requested from EC2: single addresses or prefixes
/// @param warmPrefixTarget with prefixes: keep this many prefixes' worth of assignable addresses, when no IP
///     target is set; 0 to 1000
/// @param podsMax maximum number of addresses for pods; 0 to 100,000, 0 means no cap
/// @param policy decides how many addresses are held
/// @param fixed true: others change ENIs and addresses in EC2, and the pool uses them; it requests and returns
///     nothing
public record PoolSettings(
        int warmEniTarget,
        int warmIpTarget,
        int minimumIpTarget,
        int maxEni,
        Duration cooldown,
        PoolMode mode,
        int warmPrefixTarget,
        int podsMax,
        PolicyName policy,
        boolean fixed) {

    public static final int ENI_TARGET_MAX = 100;

    public static final int IP_TARGET_MAX = 1000;

    public static final Duration COOLDOWN_MAX = Duration.ofHours(1);

    public static final int PODS_MAX = 100_000;

    /// A pool that grows and shrinks.
    ///
    /// @throws IllegalArgumentException when a value is out of its range
    public PoolSettings(
            int warmEniTarget,
            int warmIpTarget,
            int minimumIpTarget,
            int maxEni,
            Duration cooldown,
            PoolMode mode,
            int warmPrefixTarget,
            int podsMax,
            PolicyName policy) {
        this(
                warmEniTarget,
                warmIpTarget,
                minimumIpTarget,
                maxEni,
                cooldown,
                mode,
                warmPrefixTarget,
                podsMax,
                policy,
                false);
    }

    /// Single addresses, no cap, AWS's targets.
    ///
    /// @throws IllegalArgumentException when a value is out of its range
    public PoolSettings(int warmEniTarget, int warmIpTarget, int minimumIpTarget, int maxEni, Duration cooldown) {
        this(warmEniTarget, warmIpTarget, minimumIpTarget, maxEni, cooldown, PoolMode.ADDRESSES, 0, 0, PolicyName.AWS);
    }

    /// @throws IllegalArgumentException when a value is out of its range
    public PoolSettings {
        requireRange("warmEniTarget", warmEniTarget, ENI_TARGET_MAX);
        requireRange("warmIpTarget", warmIpTarget, IP_TARGET_MAX);
        requireRange("minimumIpTarget", minimumIpTarget, IP_TARGET_MAX);
        requireRange("maxEni", maxEni, ENI_TARGET_MAX);
        requireRange("warmPrefixTarget", warmPrefixTarget, IP_TARGET_MAX);
        requireRange("podsMax", podsMax, PODS_MAX);
        if (cooldown.isNegative() || cooldown.compareTo(COOLDOWN_MAX) > 0) {
            throw new IllegalArgumentException("cooldown " + cooldown + ": want 0 to " + COOLDOWN_MAX);
        }
    }

    /// Whether one of the two IP targets is set, and so `warmEniTarget` is ignored.
    public boolean countsAddresses() {
        return warmIpTarget > 0 || minimumIpTarget > 0;
    }

    static PoolSettings from(Reading reading) {
        return new PoolSettings(
                reading.value(Variables.WARM_ENI_TARGET),
                reading.value(Variables.WARM_IP_TARGET),
                reading.value(Variables.MINIMUM_IP_TARGET),
                Math.max(0, reading.value(Variables.MAX_ENI)),
                reading.value(Variables.IP_COOLDOWN_PERIOD),
                reading.value(Variables.ENABLE_PREFIX_DELEGATION) ? PoolMode.PREFIXES : PoolMode.ADDRESSES,
                reading.value(Variables.WARM_PREFIX_TARGET),
                reading.value(Variables.VPC_ENI_MAX_PODS),
                reading.value(Variables.VPC_ENI_POLICY),
                reading.value(Variables.DISABLE_NETWORK_RESOURCE_PROVISIONING)
                        || reading.value(Variables.ENABLE_IMDS_ONLY_MODE));
    }

    private static void requireRange(String name, int value, int max) {
        if (value < 0 || value > max) {
            throw new IllegalArgumentException(name + " " + value + ": want 0 to " + max);
        }
    }
}
