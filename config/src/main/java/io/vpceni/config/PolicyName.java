package io.vpceni.config;

/// The policy that decides how many addresses a node holds.
public enum PolicyName {
    /// The AWS VPC CNI's targets: WARM_ENI_TARGET, WARM_IP_TARGET, MINIMUM_IP_TARGET, WARM_PREFIX_TARGET.
    AWS,
    /// Learned from the arrival and departure of pods.
    DEMAND,
    /// Cilium's pre-allocation with a minimum and a watermark.
    CILIUM,
    /// Azure's batches with two thresholds.
    AZURE
}
