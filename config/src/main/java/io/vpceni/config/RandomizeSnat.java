package io.vpceni.config;

/// How the kernel picks the source port of a translated connection (`AWS_VPC_K8S_CNI_RANDOMIZESNAT`).
public enum RandomizeSnat {
    /// A pseudo-random port: nftables' `fully-random`.
    PRNG,
    /// A port from a hash of the connection: nftables' `random`.
    HASHRANDOM,
    /// The kernel's plain choice: the pod's own port where it is free.
    NONE
}
